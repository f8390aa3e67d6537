"""What a stamp looks like: one drawing function for every writer, bytes in and bytes out."""

import re
import zlib
from functools import cache
from typing import NamedTuple

from meterai.domain.serials import Serial
from meterai.pdf.artwork import Artwork, SerialLayout, Template, stream_body
from meterai.pdf.qr import MODULES, QUIET_MODULES, ROW_BYTES, modules

LINE_LENGTH = 11
_SQUARES = [  # left, bottom and side: of three finder patterns and the alignment pattern
    (left + inwards, bottom + inwards, outer - 2 * inwards)
    for left, bottom, outer in ((0, 0, 7), (0, 22, 7), (22, 22, 7), (20, 4, 5))
    for inwards in range(3)
]
_PATTERNS = b"".join([b"%d %d %d %d re " % (*square, square[2]) for square in _SQUARES])
_HEIGHTS = [b"%d" % (MODULES - 1 - row) for row in range(MODULES)]

UPRIGHT = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 0 0", 180: "-1 0 0 -1 0 0", 270: "0 -1 1 0 0 0"}
"""Form matrices that stand upright on a page shown rotated clockwise by so many degrees; viewers
fit the result to the annotation's rectangle (ISO 32000-1, 12.5.5, algorithm 8.1)."""


def draw(art: Artwork, serial: Serial, address: str, *, rotation: int, art_at: int) -> bytes:
    """The form XObject of one stamp, as it stands between `obj` and `endobj`.

    `art_at` is the number of the first of `art.bodies`, which stand in the same file.
    """
    frame = _frame(art)
    lines = serial[:LINE_LENGTH], serial[LINE_LENGTH:]
    first, second = (_spacing(art.serial, line) for line in lines)
    content = frame.content % (
        serial.encode("ascii"),
        first,
        lines[0].encode("ascii"),
        second,
        lines[1].encode("ascii"),
        _dark_modules(address),
    )
    return stream_body(frame.dictionaries[rotation].numbered(art_at), _deflated(content))


class _Frame(NamedTuple):
    """What does not depend on the serial: the content around it and the code, dictionaries."""

    content: bytes
    dictionaries: dict[int, Template]


@cache
def _frame(art: Artwork) -> _Frame:
    left, bottom, side = art.qr
    module = side / (MODULES + 2 * QUIET_MODULES)
    margin = QUIET_MODULES * module
    dictionaries = {
        rotation: art.template(
            f"<</Type/XObject/Subtype/Form/BBox[0 0 {art.side:g} {art.side:g}]/Matrix[{matrix}]"
            f"/Resources{art.resources}/Filter/FlateDecode>>".encode("ascii")
        )
        for rotation, matrix in UPRIGHT.items()
    }
    content = "\n".join(
        (
            f"{art.before}\n{art.ink}".replace("%", "%%"),
            *_serial_lines(art.serial),
            f"q {module:.5f} 0 0 {module:.5f} {left + margin:.4f} {bottom + margin:.4f} cm",
            "%bf* Q",
        )
    )
    return _Frame(content.encode("ascii"), dictionaries)


def _serial_lines(layout: SerialLayout) -> list[str]:
    """The two lines, to be filled in; ActualText says that they are one word."""
    lines = [
        f"BT {layout.font} {layout.size:g} Tf %.3f Tc {layout.left:g} {baseline:g} Td (%b) Tj ET"
        for baseline in layout.baselines
    ]
    return ["/Span<</ActualText(%b)>>BDC", *lines, "EMC"]


def _spacing(layout: SerialLayout, line: str) -> float:
    """Between the letters, so that every line is as long."""
    natural = sum(map(layout.widths.__getitem__, line)) * layout.size / 1000
    return (layout.right - layout.left - natural) / (len(line) - 1)


def _deflated(content: bytes) -> bytes:
    """With a window of 4 KB: clearing zlib's usual 256 KB would take five times as long. With the
    fixed codes: to make some for so short a text takes 13 µs, and saves 200 bytes.

    Undeflated it would take 30 µs less; but then a stamp grows a document by up to 14.3 KB.
    """
    compressor = zlib.compressobj(level=1, wbits=12, memLevel=5, strategy=zlib.Z_FIXED)
    return compressor.compress(content) + compressor.flush()


def _dark_modules(address: str) -> bytes:
    """Rectangles of the dark modules, for one path: no seam shows between those that touch.

    By the even-odd rule, for the patterns of three squares in one another; drawn row by row like
    the rest they would be a sixth of all rectangles.
    """
    rows = (modules(address) ^ _patterns()).to_bytes(MODULES * ROW_BYTES, "big")
    first, second, third, fourth = _eight_modules()
    return _PATTERNS + b"".join(
        [
            (first[one] + second[two] + third[three] + fourth[four]).replace(b"y", height)
            for one, two, three, four, height in zip(
                rows[0::4], rows[1::4], rows[2::4], rows[3::4], _HEIGHTS, strict=True
            )
        ]
    )


@cache
def _patterns() -> int:
    """The dark modules of the squares, as `modules` counts them."""
    total = 0
    for left, bottom, side in _SQUARES:
        for row in range(MODULES - bottom - side, MODULES - bottom):
            total ^= ((1 << side) - 1) << (8 * ROW_BYTES * (MODULES - row) - left - side)
    return total


@cache
def _eight_modules() -> tuple[list[bytes], ...]:
    """For each byte of a row, and for each value of it: its rectangles, at the height `y`."""
    return tuple(
        [
            b"".join([b"%d y %d 1 re " % (8 * position + column, ones) for column, ones in runs])
            for runs in map(_runs, range(256))
        ]
        for position in range(ROW_BYTES)
    )


def _runs(byte: int) -> list[tuple[int, int]]:
    """The set bits from the left, as (column, length)."""
    return [(found.start(), len(found[0])) for found in re.finditer("1+", f"{byte:08b}")]
