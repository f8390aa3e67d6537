"""What the pages of a draft have in common from its answers to its files."""

import math
from urllib.parse import urlencode

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import DraftId
from meterai.pages.views.own_drafts import draft_address
from meterai.pages.visits import Visit
from meterai.steps.read_draft import DraftProgress, read_draft

MIN_AGAIN_S = 5
MIN_REFRESH_S = 15  # what was unfolded is folded again: there must be time to press a button in it
PICTURE_DPI = 48
HASH_LENGTH = 12  # in a picture's address: it changes with the document


def progress_of(visit: Visit, draft: str) -> DraftProgress:
    """Raises SignInNeeded; NotFound, also where it is somebody else's."""
    return read_draft(visit.account, DraftId(draft), visit.ports, visit.now)


def address_of(draft: Draft, page: str = "") -> str:
    return f"{draft_address(draft)}/{page}" if page else draft_address(draft)


def picture_address(draft: Draft, number: int, document: DraftDocument) -> str:
    """Of the page with the e-meterai where it will be; it names all that is shown."""
    query = {"dpi": str(PICTURE_DPI), "d": document.sha256[:HASH_LENGTH]}
    place = document.placement
    if place is not None:
        query |= {"hal": str(place.page), "x": f"{place.x_pt:g}", "y": f"{place.y_pt:g}"}
        query |= {"sisi": f"{place.side_pt:g}"} | ({"baik": "1"} if document.repair else {})
    return f"{address_of(draft, f'dokumen/{number}/gambar')}?{urlencode(query)}"


def again_s(poll_after_ms: int | None) -> int | None:
    """When the page looks again, by script."""
    return None if poll_after_ms is None else max(MIN_AGAIN_S, math.ceil(poll_after_ms / 1_000))


def refresh_s(poll_after_ms: int | None) -> int | None:
    """When the whole page loads itself again, without script."""
    looks_s = again_s(poll_after_ms)
    return None if looks_s is None else max(MIN_REFRESH_S, looks_s)
