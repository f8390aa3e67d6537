"""A page of a document as a picture, with the e-meterai where it would be."""

from urllib.parse import urlencode

from meterai.domain.drafts.drafts import DraftDocument
from meterai.domain.errors import NotFound
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.positions import decimal_number, whole_number
from meterai.pages.answers import Picture
from meterai.pages.placing import MAX_DPI, MIN_DPI, ShownPage, square_fields
from meterai.pages.views.own_drafts import own_document
from meterai.pages.visits import Visit
from meterai.steps.preview import preview

KEPT_S = 3_600
HASH_LENGTH = 12  # of the document's, in the address: enough to tell eight documents apart


def picture_address(
    document_address: str, document: DraftDocument, shown: ShownPage, square: Placement | None
) -> str:
    """It names all that the picture shows, so that browsers keep it."""
    query = {
        "hal": str(shown.area.page),
        "dpi": str(shown.dpi),
        "d": document.sha256[:HASH_LENGTH],
        **({"baik": "1"} if document.repair else {}),
        **({} if square is None else square_fields(square)),
    }
    return f"{document_address}/gambar?{urlencode(query)}"


def show(visit: Visit, draft: str, number: str) -> Picture:
    """Raises NotFound also where the address is of a document that is no longer the draft's."""
    _, document = own_document(visit, draft, number)
    query = visit.query
    if not document.sha256.startswith(query.get("d", "")):
        raise NotFound
    page, dpi = whole_number(query.get("hal", "1")), whole_number(query.get("dpi", "96"))
    if not page or dpi is None:
        raise NotFound
    made = preview(
        visit.account,
        document.sha256,
        _requests(visit, page),
        visit.ports,
        page=page,
        dpi=max(MIN_DPI, min(MAX_DPI, dpi)),
        repair=document.repair,
    )
    names_all = len(query.get("d", "")) == HASH_LENGTH and document.repair == ("baik" in query)
    return Picture(made.png, keep_s=KEPT_S if names_all else 0)


def _requests(visit: Visit, page: int) -> list[PointPlacement]:
    """None without a square in the address: the page as it is."""
    x_pt, y_pt, side_pt = (decimal_number(visit.query.get(name, "")) for name in ("x", "y", "sisi"))
    if x_pt is None or y_pt is None or side_pt is None:
        return []
    return [PointPlacement(page, x_pt, y_pt, side_pt)]
