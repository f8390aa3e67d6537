"""Whether a stamp leaves all that pages show as it was, but for its own square.

The same viewer draws the document before and after; what differs outside the squares of the stamps
is a fault, down to the faintest dot. A viewer that could not draw a page before has no say on it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from PIL import Image, ImageChops

from meterai.domain.stamping.placement import Placement, Rectangle
from tests.integration.pdf.viewers import Drawn, installed

EDGE_PX = 2  # the pixel in which the square's edge lies, and its anti-aliasing
MIN_SHOWN_SHARE = 0.05  # of the stamp's square
SHOWN_TONE = 48

Box = tuple[int, int, int, int]


class Area(NamedTuple):
    """A box and the size of its page as displayed: viewers differ on UserUnit, so that places are
    compared as shares of the page."""

    page: int
    box: Rectangle
    page_pt: tuple[float, float]

    def pixels(self, picture: Image.Image) -> Box:
        """Left, top, right and bottom in a picture of the page."""
        width_pt, height_pt = self.page_pt
        left, bottom, right, top = self.box
        across, down = picture.width / width_pt, picture.height / height_pt
        upper, lower = (height_pt - top) * down, (height_pt - bottom) * down
        return round(left * across), round(upper), round(right * across), round(lower)


class PlacedStamp(NamedTuple):
    """A stamp, and the size of its page as displayed."""

    placement: Placement
    page_pt: tuple[float, float]

    @property
    def area(self) -> Area:
        return Area(self.placement.page, self.placement.box, self.page_pt)


def faults_shown(
    before: bytes, after: bytes, stamps: Sequence[PlacedStamp], redrawn: Sequence[Area] = ()
) -> list[str]:
    """What any viewer shows that should not be; nothing, for stamps that change nothing else.

    Pages compared: the first ones, and those of the stamps. What is in `redrawn` is not compared.
    """
    stamped = [stamp.placement.page for stamp in stamps]
    return [
        f"{viewer.name}: {fault}"
        for viewer in installed()
        for fault in _faults(
            viewer.drawn(before, stamped), viewer.drawn(after, stamped), stamps, redrawn
        )
    ]


def _faults(
    before: Drawn, after: Drawn, stamps: Sequence[PlacedStamp], redrawn: Sequence[Area]
) -> Iterator[str]:
    if not before.page_count:
        return
    if after.page_count != before.page_count:
        yield f"{before.page_count} pages have become {after.page_count}"
    for page, was in sorted(before.pictures.items()):
        here = [stamp for stamp in stamps if stamp.placement.page == page]
        now = after.pictures.get(page)
        if now is None or now.size != was.size:
            yield f"page {page} does not show as before"
        else:
            free = [area for area in redrawn if area.page == page]
            yield from (f"page {page}: {fault}" for fault in _on_page(was, now, here, free))


def _on_page(
    was: Image.Image, now: Image.Image, stamps: Sequence[PlacedStamp], redrawn: Sequence[Area]
) -> Iterator[str]:
    changed = ImageChops.difference(was, now)
    for stamp in stamps:
        square = changed.crop(stamp.area.pixels(was)).convert("L")
        share = sum(square.histogram()[SHOWN_TONE:]) / max(1, square.width * square.height)
        if share < MIN_SHOWN_SHARE:
            yield f"the stamp does not show: {share:.0%} of its square have changed"
    for area in (*(stamp.area for stamp in stamps), *redrawn):
        left, top, right, bottom = area.pixels(was)
        grown = (left - EDGE_PX, top - EDGE_PX, right + EDGE_PX, bottom + EDGE_PX)
        changed.paste((0, 0, 0), grown)
    outside = changed.getbbox()
    if outside is not None:
        yield f"{_dots(changed)} dots outside the stamp have changed, within {outside}"


def _dots(changed: Image.Image) -> int:
    red, green, blue = changed.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.width * most.height - most.histogram()[0]
