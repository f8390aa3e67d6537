"""Bytes that some mail and upload gateways append to a file."""

BLANK = b"\0\t\n\f\r "
MAX_BLANK_BYTES = 512
"""After the last revision."""
