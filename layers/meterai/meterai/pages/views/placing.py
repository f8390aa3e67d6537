"""The page on which the e-meterai is placed on a document.

GET shows a square where it would be, on the true page, and what it would cover; POST chooses it.
"""

from typing import Any

from meterai.domain.drafts.drafts import DraftDocument
from meterai.domain.errors import (
    DocumentMissing,
    DocumentRefused,
    NotFound,
    PageOutOfRange,
)
from meterai.domain.stamping.inspections import FileAddress
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.positions import USUAL_SIDE_PT, PageArea, whole_number
from meterai.domain.stamping.preflight import SuggestedPlaces
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.placing import (
    CORNERS,
    STEPS_MM,
    ZOOMS,
    NoNumber,
    ShownPage,
    address_query,
    chosen_square,
    moved,
    square_fields,
    square_of,
    usual_square,
    zoom_of,
)
from meterai.pages.views.own_drafts import (
    document_address,
    draft_address,
    is_ordered,
    own_document,
    own_draft,
)
from meterai.pages.views.pictures import picture_address
from meterai.pages.views.refusals import sentence
from meterai.pages.visits import Visit
from meterai.steps.place_document import place_document

HERE = "#letak"


def show(visit: Visit, draft: str, number: str) -> PageAnswer:
    """Of a document that cannot be stamped, its own page, which says why."""
    found, document = own_document(visit, draft, number)
    address = document_address(found, document.sha256)
    if is_ordered(found):
        return Redirect(draft_address(found))
    file = visit.ports.documents.locate(visit.account, document.sha256)
    try:
        places = _places(visit, document, file)
    except (DocumentMissing, DocumentRefused):
        return Redirect(address)
    shown = ShownPage(
        PageArea(places.page, places.width_pt, places.height_pt), zoom_of(visit.query)
    )
    square = _first_square(visit, document, places, shown.area)
    no_number = False
    try:
        square = moved(visit.query, square, shown)
    except NoNumber:
        no_number = True
    values = _what_it_does(visit, document, file, square)
    is_drawn = values["refused_because"] is None
    left_mm, top_mm, side_mm = shown.area.in_mm(square)
    return Shown(
        "place",
        {
            "address": f"{address}/tempat",
            "document": document,
            "document_address": address,
            "places": places,
            "suggestions": [
                (one, address_query(one.placement, shown.zoom)) for one in places.suggestions
            ],
            "shown": shown,
            "square": square,
            "fields": {"hal": square.page, "besar": shown.zoom, **square_fields(square)},
            "box_px": shown.box_px(square),
            "picture": picture_address(address, document, shown, square if is_drawn else None),
            "millimetres": {"kiri": left_mm, "atas": top_mm, "ukuran": side_mm},
            "no_number": no_number,
            "is_chosen": document.placement == square,
            "zooms": [(zoom, address_query(square, zoom)) for zoom in ZOOMS],
            "corners": list(CORNERS),
            "steps_mm": STEPS_MM,
            "pressed": visit.query.get("geser") or visit.query.get("sudut"),
            **values,
        },
    )


def choose(visit: Visit, draft: str, number: str) -> PageAnswer:
    """The form names the document by its hash: another tab may have removed one before it."""
    del number
    form = visit.form
    found = own_draft(visit, draft)
    if is_ordered(found):
        return Redirect(draft_address(found))
    sha256 = form.get("dokumen", "")
    place_page = f"{document_address(found, sha256)}/tempat"
    square = chosen_square(form)
    if square is None:
        return Redirect(place_page)
    try:
        found = place_document(
            visit.account,
            found.draft_id,
            sha256,
            _request(square),
            visit.ports,
            visit.now,
            allow_overlap=form.get("tutupi") == "ya",
        )
    except NotFound:
        return Redirect(draft_address(found))
    except (DocumentMissing, DocumentRefused):
        return Redirect(f"{place_page}?{address_query(square, zoom_of(form))}{HERE}")
    return Redirect(draft_address(found))


def _places(visit: Visit, document: DraftDocument, file: FileAddress) -> SuggestedPlaces:
    """Of the page in the address, else of the one that was chosen, else of the likely one."""
    chosen = document.placement.page if document.placement else None
    wanted = whole_number(visit.query["hal"]) if "hal" in visit.query else chosen

    def places(page: int | None) -> SuggestedPlaces:
        return visit.ports.place_suggester(
            file, page=page, side_pt=USUAL_SIDE_PT, repair=document.repair
        )

    try:
        return places(wanted)
    except PageOutOfRange as error:
        return places(int(error.values["page_count"]))


def _first_square(
    visit: Visit, document: DraftDocument, places: SuggestedPlaces, area: PageArea
) -> Placement:
    in_address = square_of(visit.query, area)
    if in_address is not None:
        return in_address
    if document.placement is not None and document.placement.page == area.page:
        return document.placement
    if places.suggestions:
        return places.suggestions[0].placement
    return usual_square(area)


def _what_it_does(
    visit: Visit, document: DraftDocument, file: FileAddress, square: Placement
) -> dict[str, Any]:
    """The text that it would cover, or why it cannot be there at all."""
    try:
        facts = visit.ports.preflight(
            file, [_request(square)], allow_overlap=True, repair=document.repair
        )
    except DocumentRefused as refused:
        return {"covers": "", "refused_because": sentence(refused, visit)}
    return {"covers": facts.covers[0], "refused_because": None}


def _request(square: Placement) -> PointPlacement:
    return PointPlacement(square.page, square.x_pt, square.y_pt, square.side_pt)
