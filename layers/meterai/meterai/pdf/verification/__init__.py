"""Validation of the signatures in a file."""
