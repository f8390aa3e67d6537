"""Where on a document an e-meterai goes.

One coordinate system: the page *as displayed* (rotation and CropBox applied), in points
(1/72 inch), origin at the bottom left, y upwards.
"""

from dataclasses import dataclass

from meterai.domain.errors import BoxOffPage, PageOutOfRange

MIN_SIDE_PT = 54  # a QR of a smaller stamp cannot be read from a print at 200 dpi
MAX_SIDE_PT = 200


Rectangle = tuple[float, float, float, float]
"""Left, bottom, right, top."""

TOUCH_PT = 0.5  # boxes that share less than this lie beside one another


@dataclass(frozen=True, slots=True)
class Placement:
    """A square box on a page. `page` counts from 1; negative pages count from the end."""

    page: int
    x_pt: float
    y_pt: float
    side_pt: float

    @property
    def box(self) -> Rectangle:
        return self.x_pt, self.y_pt, self.x_pt + self.side_pt, self.y_pt + self.side_pt

    def page_index(self, page_count: int) -> int:
        """The page's index from 0. Raises PageOutOfRange."""
        return page_index(self.page, page_count)

    def check_on_page(self, page_width_pt: float, page_height_pt: float) -> None:
        """Raises BoxOffPage unless the whole box lies on a displayed page of this size."""
        slack_pt = 0.01  # page sizes come from decimals: 595.276 may stand as 595.28
        inside = (
            self.side_pt > 0
            and self.x_pt >= -slack_pt
            and self.y_pt >= -slack_pt
            and self.x_pt + self.side_pt <= page_width_pt + slack_pt
            and self.y_pt + self.side_pt <= page_height_pt + slack_pt
        )
        if not inside:
            raise BoxOffPage(
                page=self.page,
                page_width_pt=round(page_width_pt),
                page_height_pt=round(page_height_pt),
            )


def page_index(page: int, page_count: int) -> int:
    """The index from 0 of a page that counts from 1, or from the end. Raises PageOutOfRange."""
    index = page - 1 if page > 0 else page_count + page  # pragma: no mutate: page 0 is refused next
    if page == 0 or not 0 <= index < page_count:
        raise PageOutOfRange(page=page, page_count=page_count)
    return index


def overlap(one: Rectangle, other: Rectangle) -> bool:
    """Whether two boxes on a page share more than an edge."""
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across > TOUCH_PT and up > TOUCH_PT
