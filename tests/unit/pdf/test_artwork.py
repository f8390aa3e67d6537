"""The artwork layer is built from its source, can be embedded in PDF/A, and says SPESIMEN."""

import re
import zlib
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.cffLib import CFFFontSet

from layers.artwork.draw import BUILT, build
from meterai.pdf.drawing.artwork import artwork

OBJECTS = {made.name: made for made in artwork().objects}


def test_the_built_files_equal_what_the_source_builds() -> None:
    built = {path.name: path.read_bytes() for path in BUILT.glob("*.[bj]*")}
    drawn = build()
    assert built.keys() == drawn.keys()
    for name, content in drawn.items():
        same = _inflated(name, built[name]) == _inflated(name, content)
        assert same, f"{name} is stale: run `python -m layers.artwork.draw`"


def _inflated(name: str, content: bytes) -> bytes:
    """Inflated, since releases of zlib compress differently."""
    return zlib.decompress(content) if name.endswith(".bin") else content


def test_the_artwork_is_smaller_than_6000_bytes() -> None:
    assert sum(map(len, artwork().bodies(1))) < 6000


@pytest.mark.parametrize("first", [1, 4, 10, 97, 3_999_990])
def test_each_object_starts_at_its_returned_offset(first: int) -> None:
    """Also where the object numbers differ in their count of digits."""
    objects, starts = artwork().written(first)
    ends = [*starts[1:], len(objects)]
    assert [objects[start:end] for start, end in zip(starts, ends, strict=True)] == [
        b"%d 0 obj\n%b\nendobj\n" % (number, body)
        for number, body in enumerate(artwork().bodies(first), first)
    ]


def test_the_artwork_shows_the_required_words_and_that_it_is_a_specimen() -> None:
    words = re.findall(r"\(([^)]*)\) Tj", _content("art"))
    assert words == ["10000", "METERAI ELEKTRONIK", "SEPULUH RIBU RUPIAH", "SPESIMEN"]


def test_the_artwork_uses_one_calibrated_colour_space_and_no_transparency() -> None:
    operators = set(re.findall(r"(?<![\w/])([A-Za-z*]+)(?!\w)", _without_text(_content("art"))))
    drawing = {"q", "Q", "cm", "w", "J", "j", "m", "l", "c", "h", "re", "f", "S", "W", "n"}
    text_and_colour = {"BT", "ET", "Tf", "Tc", "Td", "Tj", "cs", "CS", "sc", "SC", "BDC", "EMC"}
    assert operators <= drawing | text_and_colour
    assert OBJECTS["colour"].dictionary.startswith("[/CalRGB")


def test_the_artwork_is_clipped_to_its_square() -> None:
    assert "/BBox[0 0 100 100]" in OBJECTS["art"].dictionary


@pytest.mark.parametrize("name", ["words", "serial"])
def test_the_listed_widths_equal_those_of_the_font_program(name: str) -> None:
    """ISO 19005-2, 6.2.11.5."""
    dictionary = OBJECTS[name].dictionary
    listed = re.search(r"/FirstChar (\d+)/LastChar (\d+)/Widths\[([^\]]*)\]", dictionary)
    assert listed is not None
    widths = dict(
        zip(
            range(int(listed[1]), int(listed[2]) + 1),
            map(int, listed[3].split()),
            strict=True,
        )
    )
    glyphs = {ord(letter): letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    names = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    glyphs |= {ord("0") + value: glyph for value, glyph in enumerate(names)} | {32: "space"}
    replaced = dictionary.partition("/Differences")[2]
    glyphs |= {int(code): glyph for code, glyph in re.findall(r"(\d+)/([\w.]+)", replaced)}
    program = _program()
    assert {code: widths[code] for code in glyphs} == {
        code: program[glyph] for code, glyph in glyphs.items()
    }


def test_the_character_set_lists_the_glyphs_of_the_font_program() -> None:
    """ISO 19005-1, 6.3.5."""
    listed = re.search(r"/CharSet\(([^)]*)\)", OBJECTS["font_descriptor"].dictionary)
    assert listed is not None
    assert set(listed[1].split("/")[1:]) == set(_program()) - {".notdef"}


def test_the_font_is_named_as_a_subset_and_its_text_can_be_extracted() -> None:
    for name in ("words", "serial"):
        assert re.search(r"/BaseFont/[A-Z]{6}\+", OBJECTS[name].dictionary)
        assert "/ToUnicode @to_unicode" in OBJECTS[name].dictionary


def test_the_licence_is_stored_beside_the_font() -> None:
    licence = Path(BUILT).parents[1] / "fonts" / "OFL.txt"
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text()


def _content(name: str) -> str:
    stream = OBJECTS[name].stream
    assert stream is not None
    return zlib.decompress(stream).decode("ascii")


def _without_text(content: str) -> str:
    return re.sub(r"\([^)]*\)", "", content)


def _program() -> dict[str, int]:
    """Each glyph's advance in the embedded CFF."""
    stream = OBJECTS["font_program"].stream
    assert stream is not None
    fonts = CFFFontSet()
    fonts.decompile(BytesIO(zlib.decompress(stream)), None)
    font = fonts[0]
    advances = {}
    for glyph in font.charset:
        drawing = font.CharStrings[glyph]
        drawing.draw(_Nowhere())
        advances[glyph] = drawing.width
    return advances


class _Nowhere:
    """A pen that draws nothing: drawing a glyph is what reads its width."""

    def __getattr__(self, name: str) -> object:
        return lambda *_arguments: None
