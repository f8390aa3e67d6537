"""What a stamp looks like: one drawing function for every writer, bytes in and bytes out."""

import zlib

from meterai.domain.serials import Serial
from meterai.pdf.artwork import Artwork, SerialLayout, stream_body
from meterai.pdf.qr import MODULES, QUIET_MODULES, matrix, runs

LINE_LENGTH = 11

UPRIGHT = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 0 0", 180: "-1 0 0 -1 0 0", 270: "0 -1 1 0 0 0"}
"""Form matrices that stand upright on a page shown rotated clockwise by so many degrees; viewers
fit the result to the annotation's rectangle (ISO 32000-1, 12.5.5, algorithm 8.1)."""


def draw(art: Artwork, serial: Serial, address: str, *, rotation: int, art_at: int) -> bytes:
    """The form XObject of one stamp, as it stands between `obj` and `endobj`.

    `art_at` is the number of the first of `art.bodies`, which stand in the same file.
    """
    side = f"{art.side:g}"
    content = b"\n".join(
        (
            art.before.encode("ascii"),
            art.ink.encode("ascii"),
            _serial_lines(art.serial, serial),
            _qr_path(art.qr, address),
        )
    )
    dictionary = (
        b"<</Type/XObject/Subtype/Form/BBox[0 0 %b %b]/Matrix[%b]/Resources%b/Filter/FlateDecode>>"
        % (
            side.encode("ascii"),
            side.encode("ascii"),
            UPRIGHT[rotation].encode("ascii"),
            art.numbered(art.resources, art_at),
        )
    )
    return stream_body(dictionary, zlib.compress(content, 9))


def _serial_lines(layout: SerialLayout, serial: Serial) -> bytes:
    """The two lines, letter-spaced to the same length; ActualText says they are one word."""
    lines = [f"/Span<</ActualText({serial})>>BDC"]
    for line, baseline in zip(
        (serial[:LINE_LENGTH], serial[LINE_LENGTH:]), layout.baselines, strict=True
    ):
        natural = sum(layout.widths[character] for character in line) * layout.size / 1000
        spacing = (layout.right - layout.left - natural) / (len(line) - 1)
        lines.append(
            f"BT {layout.font} {layout.size:g} Tf {spacing:.3f} Tc"
            f" {layout.left:g} {baseline:g} Td ({line}) Tj ET"
        )
    return "\n".join((*lines, "EMC")).encode("ascii")


def _qr_path(place: tuple[float, float, float], address: str) -> bytes:
    """All dark modules in one path, so that no seam shows between rows."""
    left, bottom, side = place
    module = side / (MODULES + 2 * QUIET_MODULES)
    origin = f"{left + QUIET_MODULES * module:.4f} {bottom + QUIET_MODULES * module:.4f}"
    scaled = f"q {module:.5f} 0 0 {module:.5f} {origin} cm"
    rectangles = (
        f"{column} {MODULES - 1 - row} {length} 1 re"
        for column, row, length in runs(matrix(address))
    )
    return "\n".join((scaled, *rectangles, "f Q")).encode("ascii")
