"""Everything about PDF: the only package that imports PDF libraries."""
