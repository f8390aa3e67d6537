"""The door to PDF: the only package that imports PDF libraries."""
