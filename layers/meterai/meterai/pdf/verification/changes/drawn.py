"""Both states of a file drawn and compared: what is new may show only in its own boxes.

pdfium draws each state in a fresh child, because what it remembers of fonts would enter the second
picture. Pixels outside the boxes of new signatures must be equal. Around these boxes the issued
page must be blank, so that a signature neither hides nor completes what is there.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

import pypdfium2

from meterai.domain.errors import DocumentDamaged
from meterai.domain.stamping.placement import Rectangle
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.verification.changes.clear_space import Pixels, is_clear
from meterai.pdf.verification.changes.covered_text import DrawnText

DPI = 100
CPU_SECONDS = 2.0
"""For both states together."""
MAX_PIXELS = 16_000_000
BOX_MARGIN_PX = 1
CLEAR_MARGIN_PT = 6.0
MAX_BOX_SHARE = 0.25
"""Of the page, for all new boxes on it."""
MAX_LOCATED_PAGES = 3


@dataclass(frozen=True, slots=True)
class PageToDraw:
    """`size_pt` and `boxes` are as displayed."""

    index: int
    size_pt: tuple[float, float]
    boxes: tuple[Rectangle, ...] = ()


@dataclass(frozen=True, slots=True)
class TouchedPage:
    """What is seen of this page differs, or may be hidden, in `box`."""

    index: int
    box: Rectangle | None


class PagesDiffer(Exception):
    """The states have not the same pages, or only the issued one can be opened."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """`pixels`: size and hash of those outside the boxes. `clear`: for each box, whether the page
    is blank there."""

    pixels: tuple[int, int, bytes]
    clear: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class _Drawn:
    page_count: int
    pictures: list[_Picture]


def compare_drawn(
    document: bytes, issued_bytes: int, pages: Sequence[PageToDraw]
) -> list[TouchedPage]:
    """The pages that the later revisions touch. Raises DocumentTooComplex where drawing takes too
    long, DocumentDamaged where the issued state cannot be drawn, and PagesDiffer."""
    touched = [
        TouchedPage(page.index, max(page.boxes, key=_area))
        for page in pages
        if sum(map(_area, page.boxes)) > MAX_BOX_SHARE * page.size_pt[0] * page.size_pt[1]
    ]
    if touched or not pages:
        return touched
    budget = ResourceBudget()
    budget.cpu_seconds_left = CPU_SECONDS
    issued = document[:issued_bytes]
    before = run_sandboxed(lambda: _drawn(issued, pages, judges_boxes=True), budget)
    try:
        after = run_sandboxed(lambda: _drawn(document, pages, judges_boxes=False), budget)
    except DocumentDamaged as damage:
        raise PagesDiffer from damage
    if after.page_count != before.page_count:
        raise PagesDiffer
    differing = []
    for page, one, other in zip(pages, before.pictures, after.pictures, strict=True):
        hidden = (box for box, clear in zip(page.boxes, one.clear, strict=True) if not clear)
        touched += [TouchedPage(page.index, box) for box in hidden]
        if one.pixels != other.pixels:
            differing.append(page)
    located = differing[:MAX_LOCATED_PAGES]
    if located:
        old = run_sandboxed(lambda: _rows(issued, located), budget)
        new = run_sandboxed(lambda: _rows(document, located), budget)
        touched += [
            TouchedPage(page.index, _difference(one, other, page))
            for page, one, other in zip(located, old, new, strict=True)
        ]
    return touched + [TouchedPage(page.index, None) for page in differing[MAX_LOCATED_PAGES:]]


class _State:
    """One state of the file, opened in a child."""

    def __init__(self, document: bytes) -> None:
        self._opened = pypdfium2.PdfDocument(document)
        self._opened.init_forms()

    def page_count(self) -> int:
        return len(self._opened)

    def picture(self, page: PageToDraw, *, judges_boxes: bool) -> _Picture:
        opened = self._opened[page.index]
        places, drawn = _rendered(opened)
        clear: tuple[bool, ...] = ()
        if judges_boxes and page.boxes:
            margin_px = round(CLEAR_MARGIN_PT * len(drawn) / page.size_pt[1])
            width, height = len(drawn[0]) // 3, len(drawn)
            bounds = [_bounds_px(box, page, width, height, margin_px) for box in page.boxes]
            text = DrawnText(opened, places)
            cuts = [(one, _cut(drawn, one)) for one in bounds]
            clear = tuple(is_clear(cut) and not text.is_in(one, cut) for one, cut in cuts)
            text.close()
        opened.close()
        rows = _outside_boxes(drawn, page)
        digest = hashlib.sha256(b"".join(rows)).digest()
        return _Picture((len(rows[0]), len(rows), digest), clear)

    def rows(self, page: PageToDraw) -> list[bytes]:
        return _outside_boxes(_rendered(self._opened[page.index])[1], page)


def _rendered(page: pypdfium2.PdfPage) -> tuple[pypdfium2.PdfPosConv, list[bytes]]:
    """Its coordinates, and rows of three bytes a pixel."""
    width_pt, height_pt = page.get_size()
    scale = min(DPI / 72, sqrt(MAX_PIXELS / max(1.0, width_pt * height_pt)))
    bitmap = page.render(scale=scale, prefer_bgrx=False)
    used = bitmap.width * bitmap.n_channels
    data = bytes(bitmap.buffer)
    rows = [data[at : at + used] for at in range(0, bitmap.height * bitmap.stride, bitmap.stride)]
    return bitmap.get_posconv(page), rows


def _drawn(document: bytes, pages: Sequence[PageToDraw], *, judges_boxes: bool) -> _Drawn:
    state = _State(document)
    pictures = [state.picture(page, judges_boxes=judges_boxes) for page in pages]
    return _Drawn(state.page_count(), pictures)


def _rows(document: bytes, pages: Sequence[PageToDraw]) -> list[list[bytes]]:
    state = _State(document)
    return [state.rows(page) for page in pages]


def _outside_boxes(rows: Sequence[bytes], page: PageToDraw) -> list[bytes]:
    """What lies in the boxes is zero."""
    kept = list(rows)
    width = len(rows[0]) // 3
    for box in page.boxes:
        left, top, right, bottom = _bounds_px(box, page, width, len(rows), BOX_MARGIN_PX)
        for at in range(top, bottom):
            row = kept[at]
            kept[at] = row[: 3 * left] + bytes(3 * (right - left)) + row[3 * right :]
    return kept


def _cut(rows: Sequence[bytes], bounds: Pixels) -> list[bytes]:
    left, top, right, bottom = bounds
    return [row[3 * left : 3 * right] for row in rows[top:bottom]] if right > left else []


def _bounds_px(box: Rectangle, page: PageToDraw, width: int, height: int, margin_px: int) -> Pixels:
    """The box, grown by the margin."""
    across, down = width / page.size_pt[0], height / page.size_pt[1]
    left, bottom, right, top = box
    return (
        min(width, max(0, floor(left * across) - margin_px)),
        min(height, max(0, floor(height - top * down) - margin_px)),
        max(0, min(width, ceil(right * across) + margin_px)),
        max(0, min(height, ceil(height - bottom * down) + margin_px)),
    )


def _difference(
    before: Sequence[bytes], after: Sequence[bytes], page: PageToDraw
) -> Rectangle | None:
    """The box of the pixels that differ; None where the sizes do."""
    if len(before) != len(after) or len(before[0]) != len(after[0]):
        return None
    lines = [at for at in range(len(before)) if before[at] != after[at]]
    if not lines:
        return None
    columns = [
        place
        for at in lines
        for place, (one, other) in enumerate(zip(before[at], after[at], strict=True))
        if one != other
    ]
    height, width = len(before), len(before[0]) // 3
    across, down = page.size_pt[0] / width, page.size_pt[1] / height
    return (
        round(min(columns) // 3 * across, 2),
        round((height - 1 - lines[-1]) * down, 2),
        round((max(columns) // 3 + 1) * across, 2),
        round((height - lines[0]) * down, 2),
    )


def _area(box: Rectangle) -> float:
    return max(0.0, box[2] - box[0]) * max(0.0, box[3] - box[1])
