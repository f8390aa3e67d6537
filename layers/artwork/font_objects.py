"""The drawing's fonts as PDF objects (ISO 32000-1, 9.6; PDF/A: CharSet, widths, ToUnicode).

Two fonts share one CFF font program: `words`, and `serial`, whose 0 is slashed and whose I has
serifs, so that no character of a serial looks like another.
"""

import io
from dataclasses import dataclass

from fontTools.pens.boundsPen import ControlBoundsPen
from fontTools.ttLib import TTFont

from layers.artwork.subset_font import CHARACTERS, NAME, SUBSET

SUBSET_NAME = f"EMETRI+{NAME}"
FIRST, LAST = 32, 90
SERIAL_GLYPHS = {"0": "zero.slash", "I": "I.serif"}


@dataclass(frozen=True)
class FontSubset:
    """The font program (CFF), and the characters' widths in thousandths of the font size."""

    program: bytes
    words: dict[str, int]
    serial: dict[str, int]
    box: tuple[int, int, int, int]
    cap_height: int
    charset: tuple[str, ...]

    def length(self, text: str, size: float) -> float:
        return sum(self.words[character] for character in text) * size / 1000


def font_subset() -> FontSubset:
    font = TTFont(SUBSET)
    widths = {name: metric[0] for name, metric in font["hmtx"].metrics.items()}
    program = font["CFF "].cff
    program.fontNames = [SUBSET_NAME]
    compiled = io.BytesIO()
    program.compile(compiled, font)
    words = {character: widths[name] for character, name in CHARACTERS.items()}
    return FontSubset(
        program=compiled.getvalue(),
        words=words,
        serial=words | {key: widths[name] for key, name in SERIAL_GLYPHS.items()},
        box=_box(font),
        cap_height=font["OS/2"].sCapHeight,
        charset=tuple(name for name in font.getGlyphOrder() if name != ".notdef"),
    )


def descriptor(subset: FontSubset) -> str:
    names = "".join(f"/{name}" for name in subset.charset)
    box = " ".join(map(str, subset.box))
    return (
        f"<</Type/FontDescriptor/FontName/{SUBSET_NAME}/Flags 4/ItalicAngle 0/StemV 120"
        f"/FontBBox[{box}]/Ascent {subset.box[3]}/Descent {subset.box[1]}"
        f"/CapHeight {subset.cap_height}/CharSet({names})"
        "/FontFile3 @font_program>>"
    )


def font(widths: dict[str, int], differences: dict[str, str]) -> str:
    """A simple font that uses the program; `differences` maps characters to other glyphs."""
    listed = " ".join(str(widths.get(chr(code), 0)) for code in range(FIRST, LAST + 1))
    replaced = " ".join(f"{ord(key)}/{name}" for key, name in differences.items())
    encoding = f"<</BaseEncoding/WinAnsiEncoding/Differences[{replaced}]>>"
    return (
        f"<</Type/Font/Subtype/Type1/BaseFont/{SUBSET_NAME}/FirstChar {FIRST}/LastChar {LAST}"
        f"/Widths[{listed}]/FontDescriptor @font_descriptor/ToUnicode @to_unicode"
        f"/Encoding{encoding if differences else '/WinAnsiEncoding'}>>"
    )


TO_UNICODE = (
    b"/CIDInit/ProcSet findresource begin 12 dict begin begincmap"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def"
    b"/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n"
    b"1 begincodespacerange<00><FF>endcodespacerange\n"
    b"3 beginbfrange<20><20><0020><30><39><0030><41><5A><0041>endbfrange\n"
    b"endcmap CMapName currentdict/CMap defineresource pop end end"
)
"""For both fonts: a code is its character, whatever the glyph."""


def _box(font: TTFont) -> tuple[int, int, int, int]:
    glyphs = font.getGlyphSet()
    boxes = []
    for name in font.getGlyphOrder():
        pen = ControlBoundsPen(glyphs)
        glyphs[name].draw(pen)
        if pen.bounds is not None:
            boxes.append(pen.bounds)
    left, bottom, right, top = zip(*boxes, strict=True)
    return int(min(left)), int(min(bottom)), int(max(right)), int(max(top))
