"""Where a file says that it is a PDF."""


def pdf_header_at(content: bytes) -> int | None:
    """The header's offset, searched in the first kilobyte as readers do (ISO 32000-1, annex
    H.3.4.1). None: it is no PDF."""
    found = content.find(b"%PDF-", 0, 1024)
    return None if found < 0 else found
