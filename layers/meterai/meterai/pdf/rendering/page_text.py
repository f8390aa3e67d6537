"""The text of a page as displayed: where it stands, and what of it a box would cover.

pdfium reads it. Spaces are where pdfium guesses them, so texts are compared without any; case,
accents, ligatures and hyphens at a line's end make no difference either.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import NamedTuple

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.errors import DocumentTooComplex
from meterai.domain.stamping.placement import Rectangle, overlap
from meterai.pdf.structure.pages import Page

MAX_CHARACTERS = 100_000
"""Of one page: a full page of small print has ten thousand."""

_DROPPED = dict.fromkeys(map(ord, "\0\x02\u00ad\ufffe"))
_JOINS = frozenset("\x02\u00ad\ufffe")  # a hyphen at a line's end; pdfium writes the first for it


class Occurrence(NamedTuple):
    """The boxes of a found text's first and last line: the same, if it has one."""

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
        """Boxes of pieces of lines; every visible character is in one."""
        return [
            self._geometry.displayed(self._text.get_rect(at))
            for at in range(self._text.count_rects())
        ]

    def covered_by(self, box: Rectangle) -> str:
        """The words that the box would cover, if only in part."""
        if not any(overlap(box, run) for run in self.runs):
            return ""
        covered, word, is_covered = [], "", False
        for at, character in enumerate(self._characters + " "):
            if not character.isspace():
                word += "" if character in _JOINS else character
                is_covered = is_covered or overlap(box, self._box(at))
            elif word:
                covered += [word] if is_covered else []
                word, is_covered = "", False
        return " ".join(covered)

    def occurrences(self, text: str) -> list[Occurrence]:
        """Where the text stands as whole words, from the top of the page to its foot."""
        wanted = _folded(text)
        if not wanted or wanted not in _folded(self._text.get_text_range()):
            return []  # of most pages: to look at each letter takes ten times as long
        found = [self._occurrence(places) for places in self._places(wanted)]
        return sorted(found, key=lambda one: (-round(one.first[3] / 4), one.first[0]))

    def _places(self, wanted: str) -> Iterator[Sequence[int]]:
        """Of each find the characters' indices."""
        letters, origins, word_starts = self._letters
        at = letters.find(wanted)
        while at >= 0:
            end = at + len(wanted)
            if all(_parts(letters, edge, word_starts) for edge in (at, end)):
                yield origins[at:end]
            at = letters.find(wanted, at + 1)

    def _occurrence(self, places: Sequence[int]) -> Occurrence:
        lines: list[Rectangle] = []
        for box in map(self._box, dict.fromkeys(places)):
            if lines and min(box[3], lines[-1][3]) > max(box[1], lines[-1][1]):
                lines[-1] = _around(lines[-1], box)
            else:
                lines.append(box)
        return Occurrence(lines[0], lines[-1])

    @cached_property
    def _characters(self) -> str:
        read = pdfium.FPDFText_GetUnicode
        return "".join(chr(read(self._text, at)) for at in range(self._count))

    @cached_property
    def _letters(self) -> tuple[str, list[int], set[int]]:
        """What is compared, which character each comes from, and where words start."""
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


def _folded(text: str) -> str:
    """What is compared of a text: letter by letter it comes to the same as in one piece."""
    if text.isascii():
        return "".join(text.translate(_DROPPED).split()).casefold()
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return "".join(letters.translate(_DROPPED).split())


def _parts(letters: str, at: int, word_starts: set[int]) -> bool:
    """A word may start or end at this place."""
    return at in word_starts or not (letters[at - 1].isalnum() and letters[at].isalnum())


def _around(one: Rectangle, other: Rectangle) -> Rectangle:
    return (
        min(one[0], other[0]),
        min(one[1], other[1]),
        max(one[2], other[2]),
        max(one[3], other[3]),
    )
