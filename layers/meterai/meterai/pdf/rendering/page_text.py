"""The text of a page as displayed: where it is, and which words a box would cover.

pdfium reads it. pdfium guesses where spaces are, so texts are compared without any. Case, accents,
ligatures and hyphens at a line's end make no difference either.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from ctypes import c_uint
from functools import cached_property
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentTooComplex
from meterai.domain.stamping.placement import Rectangle, overlap
from meterai.pdf.structure.pages import Page

MAX_CHARACTERS = 100_000
"""On one page: a full page of small print has ten thousand."""
MIN_WATERMARK_PT = 18.0
"""The height of a watermark's letters, at least."""
MIN_PALE = 160
"""Of 255: a watermark's letters on white are no darker."""

_DROPPED = dict.fromkeys(map(ord, "\0\x02\u00ad\ufffe"))
_JOINS = frozenset("\x02\u00ad\ufffe")  # hyphens at a line's end; pdfium reports the first of these


class Occurrence(NamedTuple):
    """The boxes of the first and the last line of a text that was found."""

    first: Rectangle
    last: Rectangle


class PageText:
    def __init__(self, page: pypdfium2.PdfPage, geometry: Page) -> None:
        self._text = page.get_textpage()
        self._geometry = geometry
        self._count: int = self._text.count_chars()
        if self._count > MAX_CHARACTERS:
            raise DocumentTooComplex(characters=self._count)

    def close(self) -> None:
        self._text.close()

    @cached_property
    def runs(self) -> list[Rectangle]:
        """Boxes of parts of lines; every visible character is in one, but those of watermarks.
        Boxes of letters where there is large text, which may stand askew."""
        runs = [
            self._geometry.displayed(self._text.get_rect(at))
            for at in range(self._text.count_rects())
        ]
        if not any(_is_large(run) for run in runs):
            return runs
        return [
            self._box(at)
            for at, character in enumerate(self._characters)
            if not character.isspace() and not self._in_watermark(at)
        ]

    def _in_watermark(self, at: int) -> bool:
        """Whether the character is large and pale."""
        return _is_large(self._box(at)) and is_pale(self._text, at)

    def covered_by(self, box: Rectangle) -> str:
        """The words that the box would cover, even partly."""
        if not any(overlap(box, run) for run in self.runs):
            return ""
        covered, word, is_covered = [], "", False
        for at, character in enumerate(self._characters + " "):
            if not character.isspace():
                word += "" if character in _JOINS else character
                here = overlap(box, self._box(at)) and not self._in_watermark(at)
                is_covered = is_covered or here
            elif word:
                covered += [word] if is_covered else []
                word, is_covered = "", False
        return " ".join(covered)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Where the text occurs as whole words, from top to bottom."""
        wanted = _folded(text)
        if not wanted or wanted not in _folded(self._text.get_text_range()):
            return []  # true for most pages, and ten times faster than comparing letters
        found = [self._occurrence(places) for places in self._places(wanted)]
        return sorted(found, key=lambda one: (-round(one.first[3] / 4), one.first[0]))

    def _places(self, wanted: str) -> Iterator[Sequence[int]]:
        """The characters' indices, for each occurrence."""
        letters, origins, word_starts = self._letters
        at = letters.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if all(_is_word_edge(letters, edge, word_starts) for edge in (at, end)):
                yield origins[at:end]
            at = letters.find(wanted, at + 1)

    def _occurrence(self, places: Sequence[int]) -> Occurrence:
        lines: list[Rectangle] = []
        for box in map(self._box, dict.fromkeys(places)):
            if lines and min(box[3], lines[-1][3]) > max(box[1], lines[-1][1]):
                lines[-1] = _union(lines[-1], box)
            else:
                lines.append(box)
        return Occurrence(lines[0], lines[-1])

    @cached_property
    def _characters(self) -> str:
        read = pdfium.FPDFText_GetUnicode
        return "".join(chr(read(self._text, at)) for at in range(self._count))

    @cached_property
    def _letters(self) -> tuple[str, list[int], set[int]]:
        """The letters to compare, the character that each comes from, and where words start."""
        letters: list[str] = []
        origins: list[int] = []
        word_starts = {0}
        for at, character in enumerate(self._characters):
            if character.isspace():
                word_starts.add(len(letters))
            for letter in _folded(character):
                letters.append(letter)
                origins.append(at)
        word_starts.add(len(letters))
        return "".join(letters), origins, word_starts

    def _box(self, at: int) -> Rectangle:
        return self._geometry.displayed(self._text.get_charbox(at))


def is_pale(text: pypdfium2.PdfTextPage, at: int) -> bool:
    """Whether a character is as pale as those of a watermark."""
    red, green, blue, alpha = (c_uint() for _ in range(4))
    pdfium.FPDFText_GetFillColor(text, at, red, green, blue, alpha)
    shade = 0.299 * red.value + 0.587 * green.value + 0.114 * blue.value
    return 255 - (255 - shade) * alpha.value / 255 >= MIN_PALE


def _folded(text: str) -> str:
    """The form of a text that is compared. Folding letter by letter gives the same result."""
    if text.isascii():
        return "".join(text.translate(_DROPPED).split()).casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letters.translate(_DROPPED).split())


def _is_word_edge(letters: str, at: int, word_starts: set[int]) -> bool:
    """Whether a word may start or end here."""
    return at in word_starts or not (letters[at - 1].isalnum() and letters[at].isalnum())


def _is_large(box: Rectangle) -> bool:
    left, bottom, right, top = box
    return min(right - left, top - bottom) >= MIN_WATERMARK_PT


def _union(one: Rectangle, other: Rectangle) -> Rectangle:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
