"""What no reader can follow is a damaged document, whatever its library raised.

Uploaded bytes are hostile: a PDF library answers them with its own errors, with KeyError or
TypeError, with RecursionError. Callers see one: DocumentDamaged, with the cause chained.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager

from meterai.domain.errors import (
    DocumentDamaged,
    DocumentTooComplex,
    DocumentTooLarge,
    MeteraiError,
    NotAPdf,
)

# What follows the end must not be the beginning of a revision that was cut off.
_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF(?!.*(?:startxref|endobj))", re.DOTALL)
_CROSS_REFERENCES = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Thirty times what portals take; a Lambda function holds four copies of it in 512 MB."""


for library in ("pyhanko", "pyhanko_certvalidator", "pikepdf"):
    # What they would log about a document (names in it, whole tracebacks) is in what we raise.
    logging.getLogger(library).setLevel(logging.CRITICAL)


@contextmanager
def translate_parser_errors() -> Iterator[None]:
    """Domain errors pass; what takes too much memory becomes DocumentTooComplex, every other
    error inside DocumentDamaged."""
    try:
        yield
    except MeteraiError:
        raise
    except MemoryError as error:
        raise DocumentTooComplex(cause="memory") from error
    except Exception as error:
        raise DocumentDamaged(cause=type(error).__name__) from error


def check_is_pdf(document: bytes) -> int:
    """Where the header is: in the first kilobyte, where annex H.3.4.1 of ISO 32000-1 lets readers
    look. Raises DocumentTooLarge, NotAPdf."""
    if len(document) > MAX_DOCUMENT_BYTES:
        raise DocumentTooLarge(size_bytes=len(document), limit_bytes=MAX_DOCUMENT_BYTES)
    header_at = document.find(b"%PDF-", 0, 1024)
    if header_at < 0:
        raise NotAPdf(size_bytes=len(document))
    return header_at


def check_envelope(document: bytes) -> None:
    """Refuse what is no PDF, before any library sees it.

    Raises DocumentTooLarge, NotAPdf, and DocumentDamaged: a header that is not at the start leaves
    open from where the file's own offsets count, and without cross-references where the end says
    they are, readers rebuild the file each in its own way.
    """
    header_at = check_is_pdf(document)
    if header_at > 0:
        raise DocumentDamaged(cause="header_not_at_start", header_at=header_at)
    end = _END.search(document, max(0, len(document) - 2048))
    if end is None or _CROSS_REFERENCES.match(document, int(end[1])) is None:
        raise DocumentDamaged(cause="cross_references_missing")
