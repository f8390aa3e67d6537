"""The pages of a checked file that are shown, and the places on them that are marked."""

from collections.abc import Iterable

from meterai.domain.checks.checks import MarkedPage
from meterai.domain.stamping.placement import Rectangle
from meterai.domain.stamping.verdicts import VerificationResult

MAX_PAGES = 3  # each is drawn


def changed_pages(result: VerificationResult) -> tuple[MarkedPage, ...]:
    """Where later changes show, in the order of the pages. A change without a box marks nothing,
    yet its page is shown."""
    return _marked((one.page, one.box) for one in result.changes if one.page is not None)


def stamped_pages(result: VerificationResult) -> tuple[MarkedPage, ...]:
    """Where the e-meterai are that the file is proven to bear."""
    places = [stamp.placement for stamp in result.stamps if stamp.is_proven]
    return _marked((one.page, one.box) for one in places if one is not None)


def _marked(places: Iterable[tuple[int, Rectangle | None]]) -> tuple[MarkedPage, ...]:
    marks: dict[int, list[Rectangle]] = {}
    for page, box in places:
        of_page = marks.setdefault(page, [])
        if box is not None and box not in of_page:
            of_page.append(box)
    shown = sorted(marks)[:MAX_PAGES]
    return tuple(MarkedPage(page, tuple(marks[page])) for page in shown)
