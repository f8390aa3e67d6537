"""What is stamped: a few distinct letters of application, as applicants write them."""

import io
from collections.abc import Sequence

import pikepdf

from tests.fixtures.documents.remake import LETTER

FEW = 5


def letters() -> Sequence[bytes]:
    """The same letter of five people: each with a title of its own, so each another document."""
    return [_of(number) for number in range(FEW)]


def _of(number: int) -> bytes:
    written = io.BytesIO()
    with pikepdf.open(LETTER) as letter:
        letter.docinfo["/Title"] = f"Surat lamaran {number}"
        letter.save(written, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return written.getvalue()
