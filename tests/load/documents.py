"""The documents that are stamped: a few distinct letters of application."""

import io
from collections.abc import Sequence

import pikepdf

from tests.fixtures.documents.remake import LETTER

COUNT = 5


def documents() -> Sequence[bytes]:
    """The same letter with different titles, so that each is another document."""
    return [_of(number) for number in range(COUNT)]


def _of(number: int) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(LETTER) as document:
        document.docinfo["/Title"] = f"Surat lamaran {number}"
        document.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()
