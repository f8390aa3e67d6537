"""Errors of PDF libraries become errors of the domain, and files that are no PDF are refused.

Uploaded bytes may be hostile: libraries answer them with their own errors, with KeyError, TypeError
or RecursionError. Callers see DocumentDamaged, with the cause chained.
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
from meterai.domain.stamping.pdf_header import pdf_header_at

# Bytes after the end marker must not be the start of a truncated revision.
_END = re.compile(rb"startxref\s+(\d{1,10})\s+%%EOF(?!.*(?:startxref|endobj))", re.DOTALL)
_CROSS_REFERENCES = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)\b")
MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
"""Thirty times what portals accept. A Lambda function of 512 MB can hold four copies of it."""

for library in ("pyhanko", "pyhanko_certvalidator", "pikepdf"):
    # They would log names from the document and whole tracebacks; our errors carry what is needed.
    logging.getLogger(library).setLevel(logging.CRITICAL)


@contextmanager
def translate_parser_errors() -> Iterator[None]:
    """Domain errors pass, MemoryError becomes DocumentTooComplex, any other error
    DocumentDamaged."""
    try:
        yield
    except MeteraiError:
        raise
    except MemoryError as error:
        raise DocumentTooComplex(cause="memory") from error
    except Exception as error:
        raise DocumentDamaged(cause=type(error).__name__) from error


def check_is_pdf(document: bytes) -> int:
    """The offset of the header. Raises DocumentTooLarge, NotAPdf."""
    if len(document) > MAX_DOCUMENT_BYTES:
        raise DocumentTooLarge(size_bytes=len(document), limit_bytes=MAX_DOCUMENT_BYTES)
    header_at = pdf_header_at(document)
    if header_at is None:
        raise NotAPdf(size_bytes=len(document))
    return header_at


def check_envelope(document: bytes) -> None:
    """Refuse what is no PDF, before any library sees it.

    Raises DocumentTooLarge, NotAPdf, and DocumentDamaged. If the header is not at the start,
    readers disagree on what the file's offsets count from. If the cross-references are not where
    the end marker says, each reader rebuilds the file in its own way.
    """
    header_at = check_is_pdf(document)
    if header_at > 0:
        raise DocumentDamaged(cause="header_not_at_start", header_at=header_at)
    end = _END.search(document, max(0, len(document) - 2048))
    if end is None or _CROSS_REFERENCES.match(document, int(end[1])) is None:
        raise DocumentDamaged(cause="cross_references_missing")
