"""The documents that the stamping benchmark stamps: made anew each time, and always the same."""

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from random import Random

import img2pdf
import pikepdf
from PIL import Image

from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by

EPOCH = datetime(2026, 11, 24, tzinfo=UTC)
LOGO_PIXELS = 200  # on the letter's head: 27 KB, which makes a letter of 60
SCAN_PIXELS = (1240, 1460)  # of noise: 1 MB
TEXT_PAGE_LINES = 540  # 25 KB when deflated: 5 MB in all


@cache
def inputs() -> dict[str, bytes]:
    """By name; each plain one once more with object streams, and the letter signed by a person."""
    plain = {
        "letter": letter(),
        "scan_1mb": _scan(pages=1),
        "scan_10mb": _scan(pages=10),
        "text_200_pages": _text(pages=200),
    }
    streams = {f"{name}_objstm": _with_object_streams(made) for name, made in plain.items()}
    return plain | streams | {"letter_signed": signed_by(authority().person, plain["letter"])}


def letter() -> bytes:
    with pikepdf.open(LETTER) as letter:
        logo = pikepdf.Stream(letter, _noise(LOGO_PIXELS, LOGO_PIXELS, seed=1))
        logo.stream_dict = pikepdf.Dictionary(
            Type=pikepdf.Name.XObject,
            Subtype=pikepdf.Name.Image,
            Width=LOGO_PIXELS,
            Height=LOGO_PIXELS,
            ColorSpace=pikepdf.Name.DeviceGray,
            BitsPerComponent=8,
            Filter=pikepdf.Name.DCTDecode,
        )
        page = letter.pages[0]
        name = page.add_resource(logo, pikepdf.Name.XObject)
        page.contents_add(b"q 60 0 0 60 60 760 cm %b Do Q" % str(name).encode("ascii"))
        return _saved(letter)


def _scan(pages: int) -> bytes:
    pictures = [_noise(*SCAN_PIXELS, seed=page) for page in range(pages)]
    made: bytes = img2pdf.convert(pictures, creationdate=EPOCH, moddate=EPOCH)
    return made


def _text(pages: int) -> bytes:
    with pikepdf.new() as made:
        font = made.make_indirect(
            pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name.Helvetica,
            )
        )
        for number in range(pages):
            page = made.add_blank_page(page_size=(595, 842)).obj
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            page.Contents = made.make_stream(b"\n".join(_lines(Random(number))))
        return _saved(made)


def _lines(random: Random) -> Iterator[bytes]:
    yield b"BT /F1 5 Tf 40 810 Td 6 TL"
    for _ in range(TEXT_PAGE_LINES):
        words = " ".join(random.randbytes(5).hex() for _ in range(8))
        yield f"({words}) Tj T*".encode("ascii")
    yield b"ET"


def _noise(width: int, height: int, *, seed: int) -> bytes:
    """A JPEG that no deflate makes smaller."""
    picture = Image.frombytes("L", (width, height), Random(seed).randbytes(width * height))
    made = BytesIO()
    picture.save(made, "JPEG", quality=75)
    return made.getvalue()


def _with_object_streams(document: bytes) -> bytes:
    with pikepdf.open(BytesIO(document)) as opened:
        return _saved(opened, pikepdf.ObjectStreamMode.generate)


def _saved(
    opened: pikepdf.Pdf, mode: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.disable
) -> bytes:
    made = BytesIO()
    opened.save(made, object_stream_mode=mode, deterministic_id=True)
    return made.getvalue()
