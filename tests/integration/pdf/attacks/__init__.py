"""Attacks on stamped files, one module for each published class.

The classes are those of "1 Trillion Dollar Refund" (Mladenov et al., CCS 2019: universal forgery,
incremental saving, wrapping), "Shadow Attacks" (NDSS 2021: hide, replace, hide and replace),
"Breaking the Specification: PDF Certification" (IEEE S&P 2021: evil annotation, sneaky signature),
and what differs between parsers of PDF. `python -m tests.integration.pdf.attacks` prints a table.
"""
