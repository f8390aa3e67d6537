"""The appearance of a stamp, drawn by one function for both engines."""

import re
import zlib
from functools import cache, lru_cache
from typing import NamedTuple

from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.serials import Serial
from meterai.pdf.drawing.artwork import Artwork, SerialLayout, Template, stream_body
from meterai.pdf.drawing.qr import MODULES, QUIET_MODULES, ROW_BYTES, modules

LINE_LENGTH = 11
_SQUARES = [  # left, bottom and side: of three finder patterns and the alignment pattern
    (left + inwards, bottom + inwards, outer - 2 * inwards)
    for left, bottom, outer in ((0, 0, 7), (0, 22, 7), (22, 22, 7), (20, 4, 5))
    for inwards in range(3)
]
# Nested squares, filled by the even-odd rule; rectangles row by row would be many more.
_PATTERNS = b"".join([b"%d %d %d %d re " % (*square, square[2]) for square in _SQUARES])
_HEIGHTS = [b"%d" % (MODULES - 1 - row) for row in range(MODULES)]

UPRIGHT = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 0 0", 180: "-1 0 0 -1 0 0", 270: "0 -1 1 0 0 0"}
"""Form matrices by page rotation, so that the stamp shows upright; viewers fit the result to the
annotation's rectangle (ISO 32000-1, 12.5.5, algorithm 8.1)."""


def draw(art: Artwork, serial: Serial, address: str, *, rotation: int, art_at: int) -> bytes:
    """The form XObject of one stamp, as written between `obj` and `endobj`.

    `art_at` is the object number of the first of `art.bodies` in the same file.
    """
    dictionary, lines = _frame(art)
    constant, varying = modules(address)
    one, two = serial[:LINE_LENGTH], serial[LINE_LENGTH:]
    content = b"".join(_rectangles(varying)) + lines % (
        serial.encode("ascii"),
        _spacing(art.serial, one),
        one.encode("ascii"),
        _spacing(art.serial, two),
        two.encode("ascii"),
    )
    return stream_body(
        dictionary[rotation].numbered(art_at), _deflated(_before(art, constant), content)
    )


def in_the_middle(
    stamp_at: int, side: float, *, rotation: int, square: Rectangle, field: Rectangle
) -> bytes:
    """The form XObject of a field that is larger than its stamp; boxes are in user space. A viewer
    would stretch the stamp itself to the field. `stamp_at`: the object number of the stamp's form,
    of such a `side`."""
    scale = (square[2] - square[0]) / side
    width, height = field[2] - field[0], field[3] - field[1]
    across = square[0] - field[0] + (side * scale if rotation in (90, 180) else 0)
    up = square[1] - field[1] + (side * scale if rotation in (180, 270) else 0)
    content = b"q %.6f 0 0 %.6f %.4f %.4f cm /S Do Q" % (scale, scale, across, up)
    dictionary = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 %.10g %.10g]/Resources<</XObject<</S %d 0 R>>>>"
        % (
            width,
            height,
            stamp_at,
        )
    )
    return b"%b/Length %d>>\nstream\n%b\nendstream" % (dictionary, len(content), content)


class _Frame(NamedTuple):
    """What does not depend on the serial: dictionaries by rotation, and a template of the lines."""

    dictionaries: dict[int, Template]
    lines: bytes


@cache
def _frame(art: Artwork) -> _Frame:
    dictionaries = {
        rotation: art.template(
            f"<</Type/XObject/Subtype/Form/BBox[0 0 {art.side:g} {art.side:g}]/Matrix[{matrix}]"
            f"/Resources{art.resources}/Filter/FlateDecode>>".encode("ascii")
        )
        for rotation, matrix in UPRIGHT.items()
    }
    lines = "\n".join(("f* Q", *_serial_lines(art.serial)))
    return _Frame(dictionaries, lines.encode("ascii"))


def _serial_lines(layout: SerialLayout) -> list[str]:
    """A template of the serial's two lines. ActualText joins them into one word."""
    lines = [
        f"BT {layout.font} {layout.size:g} Tf %.3f Tc {layout.left:g} {baseline:g} Td (%b) Tj ET"
        for baseline in layout.baselines
    ]
    return ["/Span<</ActualText(%b)>>BDC", *lines, "EMC"]


def _spacing(layout: SerialLayout, line: str) -> float:
    """The space between letters that makes every line equally long."""
    natural = sum(map(layout.widths.__getitem__, line)) * layout.size / 1000
    return (layout.right - layout.left - natural) / (len(line) - 1)


class _Before(NamedTuple):
    """The content that does not depend on the serial: deflated to a byte boundary, its checksum."""

    deflated: bytes
    checksum: int


@lru_cache(8)
def _before(art: Artwork, constant: int) -> _Before:
    """Artwork, colour, and the part of the QR code that is the same for all serials of a host."""
    left, bottom, side = art.qr
    module = side / (MODULES + 2 * QUIET_MODULES)
    margin = QUIET_MODULES * module
    start = (
        f"{art.before}\n{art.colour}\n"
        f"q {module:.5f} 0 0 {module:.5f} {left + margin:.4f} {bottom + margin:.4f} cm\n"
    )
    path = b"".join((start.encode("ascii"), _PATTERNS, *_rectangles(constant ^ _patterns())))
    compressor = zlib.compressobj(level=9)
    deflated = compressor.compress(path) + compressor.flush(zlib.Z_FULL_FLUSH)
    return _Before(deflated, zlib.adler32(path))


def _deflated(before: _Before, content: bytes) -> bytes:
    """Appends `content` as a last, stored block (RFC 1951, 3.2.4).

    To deflate it too would take 30 µs and save 600 bytes.
    """
    size = len(content)
    return b"%b\1%b%b%b%b" % (
        before.deflated,
        size.to_bytes(2, "little"),
        (size ^ 0xFFFF).to_bytes(2, "little"),
        content,
        zlib.adler32(content, before.checksum).to_bytes(4, "big"),
    )


def _rectangles(dark: int) -> list[bytes]:
    """Rectangles for the dark modules, row by row. As one path, no seams show between them."""
    rows = dark.to_bytes(MODULES * ROW_BYTES, "big")
    first, second, third, fourth = _eight_modules()
    return [
        (first[one] + second[two] + third[three] + fourth[four]).replace(b"y", height)
        for one, two, three, four, height in zip(
            rows[0::4], rows[1::4], rows[2::4], rows[3::4], _HEIGHTS, strict=True
        )
    ]


@cache
def _patterns() -> int:
    """The dark modules of the squares, as a number like those of `modules`."""
    total = 0
    for left, bottom, side in _SQUARES:
        for row in range(MODULES - bottom - side, MODULES - bottom):
            total ^= ((1 << side) - 1) << (8 * ROW_BYTES * (MODULES - row) - left - side)
    return total


@cache
def _eight_modules() -> tuple[list[bytes], ...]:
    """The rectangles for each byte of a row and each value of it; `y` is a placeholder."""
    runs_of_bytes = list(map(_runs, range(256)))
    return tuple(
        [
            b"".join([b"%d y %d 1 re " % (8 * position + column, ones) for column, ones in runs])
            for runs in runs_of_bytes
        ]
        for position in range(ROW_BYTES)
    )


def _runs(byte: int) -> list[tuple[int, int]]:
    """Runs of set bits from the left, as (column, length)."""
    return [(found.start(), len(found[0])) for found in re.finditer("1+", f"{byte:08b}")]
