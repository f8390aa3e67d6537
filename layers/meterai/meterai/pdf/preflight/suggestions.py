"""Suggests places for an e-meterai on one page, and the page if none is named."""

from meterai.domain.errors import NoFreeSpace, StampSizeRefused
from meterai.domain.stamping.inspections import PlacesQuestion
from meterai.domain.stamping.placement import page_index
from meterai.domain.stamping.placement_requests import AutoPlacement, Corner, largest_square
from meterai.domain.stamping.preflight import Basis, SuggestedPlaces, Suggestion
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.opening import Opened, open_stampable, open_with_pyhanko
from meterai.pdf.engines.repair import repaired
from meterai.pdf.parser_errors import translate_parser_errors
from meterai.pdf.placement.resolver import PlacementResolver
from meterai.pdf.preflight.preflight import REPAIRABLE
from meterai.pdf.sandbox import ResourceBudget, run_sandboxed
from meterai.pdf.structure.empty_fields import EmptyField, empty_fields

MAX_READ_PAGES = 20  # from the end: a letter's closing words come before its attachments


def suggest_places(document: bytes, question: PlacesQuestion) -> SuggestedPlaces:
    """See `ports.PlaceSuggester`."""
    budget = ResourceBudget()

    def suggested(content: bytes) -> SuggestedPlaces:
        return run_sandboxed(lambda: _suggested(content, question), budget)

    try:
        return suggested(document)
    except REPAIRABLE:
        if not question.repair:
            raise
    return suggested(repaired(document, budget))


def _suggested(document: bytes, question: PlacesQuestion) -> SuggestedPlaces:
    opened = open_stampable(document)
    with translate_parser_errors():
        try:
            return _in_opened(document, opened, question)
        except Unsupported:  # beyond the limits of the incremental engine's reader
            return _in_opened(document, open_with_pyhanko(document), question)


def _in_opened(document: bytes, opened: Opened, question: PlacesQuestion) -> SuggestedPlaces:
    resolver = PlacementResolver(document, opened)
    count = len(opened.pages)
    fields = empty_fields(opened.catalog, opened.pages)
    if question.page is None:
        index = _likely_page(resolver, fields, count)
    else:
        index = page_index(question.page, count)
    width_pt, height_pt = opened.pages[index].page.displayed_size_pt
    found = (
        _in_field(index, fields),
        _in_free_space(resolver, index, question.side_pt),
    )
    suggestions = tuple(one for one in found if one is not None)
    return SuggestedPlaces(index + 1, count, width_pt, height_pt, suggestions)


def _likely_page(resolver: PlacementResolver, fields: dict[str, EmptyField], count: int) -> int:
    """The last one unless another has a signature field or closing words."""
    if fields:
        return next(iter(fields.values())).page_index
    for index in reversed(range(max(0, count - MAX_READ_PAGES), count)):
        if resolver.closing(index) is not None:
            return index
        resolver.view.forget(index)
    return count - 1


def _in_field(index: int, fields: dict[str, EmptyField]) -> Suggestion | None:
    for name, field in fields.items():
        if field.page_index == index:
            try:
                placement = largest_square(index + 1, field.box)
            except StampSizeRefused:  # a line to sign on: too low for an e-meterai
                continue
            return Suggestion(Basis.FIELD, placement, name)
    return None


def _in_free_space(resolver: PlacementResolver, index: int, side_pt: float) -> Suggestion | None:
    request = AutoPlacement(index + 1, Corner.BOTTOM_RIGHT, side_pt)
    try:
        [placement] = resolver.resolve([request])
    except NoFreeSpace:
        return None
    closing = resolver.closing(index)
    if closing is None:
        return Suggestion(Basis.FREE_SPACE, placement)
    return Suggestion(Basis.CLOSING, placement, closing.words)
