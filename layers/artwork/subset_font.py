"""Makes a subset of Inter SemiBold with the forty glyphs of the drawing, named as in PDF encodings.

Needed only when the drawing uses another glyph. Takes the path of `Inter-SemiBold.otf` (release
3.19; Debian's package fonts-inter): `python -m layers.artwork.subset_font Inter-SemiBold.otf`. The
result is in the repository, with its licence, so that drawing needs no installed font.
"""

import sys
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.roundingPen import RoundingPen
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

SUBSET = Path(__file__).parent / "fonts" / "inter-semibold-subset.otf"
NAME = "MeteraiInter-SemiBold"
UNITS_PER_EM = 1000

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
CHARACTERS = {
    " ": "space",
    **{str(value): name for value, name in enumerate(DIGITS)},
    **{letter: letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
}
ALTERNATES = {"I.serif": ("ss02", "I"), "zero.slash": ("zero", "0")}
"""Unambiguous glyphs for serials: (the font's feature, the character)."""


def main() -> None:
    source = TTFont(sys.argv[1])
    glyphs = source.getGlyphSet()
    plain = {character: source.getBestCmap()[ord(character)] for character in CHARACTERS}
    chosen = {".notdef": ".notdef"} | {CHARACTERS[key]: plain[key] for key in CHARACTERS}
    for name, (feature, character) in ALTERNATES.items():
        chosen[name] = _substitute(source, feature, plain[character])

    scale = UNITS_PER_EM / source["head"].unitsPerEm
    drawings, metrics = {}, {}
    for name, glyph in chosen.items():
        width = round(glyphs[glyph].width * scale)
        drawing = T2CharStringPen(width, glyphs)
        if name != ".notdef":
            glyphs[glyph].draw(TransformPen(RoundingPen(drawing), (scale, 0, 0, scale, 0, 0)))
        drawings[name] = drawing.getCharString()
        metrics[name] = (width, 0)

    font = FontBuilder(UNITS_PER_EM, isTTF=False)
    font.setupGlyphOrder(list(chosen))
    font.setupCharacterMap({ord(character): name for character, name in CHARACTERS.items()})
    font.setupCFF(NAME, {"FullName": NAME}, drawings, {})
    font.setupHorizontalMetrics(metrics)
    font.setupHorizontalHeader(ascent=969, descent=-242)
    font.setupNameTable(
        {
            "copyright": source["name"].getDebugName(0),
            "familyName": "Meterai Inter",
            "styleName": "SemiBold",
            "psName": NAME,
            "licenseDescription": source["name"].getDebugName(13),
            "licenseInfoURL": source["name"].getDebugName(14),
        }
    )
    font.setupOS2(sCapHeight=round(source["OS/2"].sCapHeight * scale))
    font.setupPost(keepGlyphNames=False)
    font.font["head"].created = font.font["head"].modified = 0
    font.font.recalcTimestamp = False
    font.save(SUBSET)


def _substitute(font: TTFont, feature: str, glyph: str) -> str:
    """The glyph that a single-substitution feature replaces `glyph` by."""
    table = font["GSUB"].table
    for record in table.FeatureList.FeatureRecord:
        if record.FeatureTag != feature:
            continue
        for index in record.Feature.LookupListIndex:
            for subtable in table.LookupList.Lookup[index].SubTable:
                mapping = getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
                if glyph in mapping:
                    return str(mapping[glyph])
    raise KeyError(feature)


if __name__ == "__main__":
    main()
