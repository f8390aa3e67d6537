"""Whether a box on a drawn page touches text that a person reads there.

The text is known from the page's content, so it counts however pale or thin it is, if it shows at
all. Pixels alone cannot tell faint letters from what a scanner adds to paper.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby

import pypdfium2
from pypdfium2 import raw as pdfium

from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.rendering.bitmap import Bitmap
from meterai.pdf.rendering.page_text import MIN_WATERMARK_PT, is_pale
from meterai.pdf.verification.changes.clear_space import Pixels, marks_in

MAX_WATERMARK_SHARE = 0.5
"""Of the letters of a watermark's word: the others still say what it is."""


class DrawnText:
    """The text of a page, and where it is on its picture."""

    def __init__(self, page: pypdfium2.PdfPage, places: pypdfium2.PdfPosConv) -> None:
        self._text = page.get_textpage()
        self._places = places

    def close(self) -> None:
        self._text.close()

    def is_in(self, part: Pixels, rows: Sequence[bytes]) -> bool:
        """Whether a letter shows in this part of the picture: `rows` of three bytes a pixel. Of
        each word of a watermark some letters may be there, but no figures."""
        left, top, right, bottom = part
        near = self._on_page((left + 1, top + 1, right - 1, bottom - 1))  # it was rounded outwards
        marks: Bitmap | None = None
        for is_space, letters in groupby(self._letters(), lambda one: one[1].isspace()):
            if is_space:
                continue
            word = list(letters)
            seen = [one for one in word if _overlap(self._box(one[0]), near)]
            if seen and marks is None:
                marks = marks_in(rows)
            seen = [one for one in seen if self._shows(one[0], part, marks or [])]
            if not all(self._is_watermark(at) and not one.isnumeric() for at, one in seen):
                return True
            hidden = sum(_holds(near, self._box(at)) for at, _ in seen)
            if hidden > MAX_WATERMARK_SHARE * len(word):
                return True
        return False

    def _letters(self) -> Iterator[tuple[int, str]]:
        """Also those of which the file does not say what they mean."""
        read = pdfium.FPDFText_GetUnicode
        for at in range(self._text.count_chars()):
            yield at, chr(read(self._text, at))

    def _on_page(self, part: Pixels) -> Rectangle:
        """In the page's own coordinates."""
        across, up = zip(*(self._places.to_page(*part[at : at + 2]) for at in (0, 2)), strict=True)
        return min(across), min(up), max(across), max(up)

    def _box(self, at: int) -> Rectangle:
        left, bottom, right, top = self._text.get_charbox(at)
        if right > left and top > bottom:
            return left, bottom, right, top
        box: Rectangle = self._text.get_charbox(at, loose=True)
        return box

    def _shows(self, at: int, part: Pixels, marks: Bitmap) -> bool:
        """Whether anything is drawn where the letter is. What has the colour of its paper, or is
        invisible, tells software what to read or where to sign."""
        written = pdfium.FPDFText_GetTextObject(self._text, at)
        if pdfium.FPDFTextObj_GetTextRenderMode(written) == pdfium.FPDF_TEXTRENDERMODE_INVISIBLE:
            return False
        left, bottom, right, top = self._box(at)
        corners = [self._places.to_bitmap(*one) for one in ((left, bottom), (right, top))]
        across, down = (sorted(one) for one in zip(*corners, strict=True))
        first, last = max(across[0], part[0]), min(across[1] + 1, part[2])
        if first >= last:
            return False
        columns = (1 << last - first) - 1 << part[2] - last
        return any(
            row & columns
            for row in marks[max(0, down[0] - part[1]) : max(0, down[1] + 1 - part[1])]
        )

    def _is_watermark(self, at: int) -> bool:
        """Whether the letter is large and pale."""
        left, bottom, right, top = self._box(at)
        is_large = max(right - left, top - bottom) >= MIN_WATERMARK_PT
        return is_large and is_pale(self._text, at)


def _overlap(box: Rectangle, other: Rectangle) -> bool:
    """Also where the box is a line or a point."""
    left, bottom, right, top = box
    return left < other[2] and right > other[0] and bottom < other[3] and top > other[1]


def _holds(part: Rectangle, box: Rectangle) -> bool:
    """Whether the middle of the box is in the part."""
    across, up = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return part[0] <= across <= part[2] and part[1] <= up <= part[3]
