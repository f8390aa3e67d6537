"""Place the e-meterai on a document of a draft."""

from datetime import datetime
from typing import Protocol

from meterai.domain.drafts.drafts import Draft, with_choices
from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.placement_requests import PlacementRequest
from meterai.ports import Documents, Preflight
from meterai.ports.drafts import Drafts
from meterai.steps.change_draft import change_draft


class PlaceDocumentPorts(Protocol):
    @property
    def documents(self) -> Documents: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def preflight(self) -> Preflight: ...


def place_document(
    account: str,
    draft_id: DraftId,
    sha256: str,
    request: PlacementRequest,
    ports: PlaceDocumentPorts,
    now: datetime,
    *,
    allow_overlap: bool,
) -> Draft:
    """Repeatable. Raises NotFound, and DocumentRefused where the stamper would: also CoversText,
    unless it is allowed."""
    # 1. The document, as it is in the draft.
    draft = ports.drafts.get(account, draft_id)
    found = () if draft is None else draft.documents
    document = next((one for one in found if one.sha256 == sha256), None)
    if document is None:
        raise NotFound
    # 2. It can be stamped there.
    facts = ports.preflight(
        ports.documents.locate(account, sha256),
        [request],
        allow_overlap=allow_overlap,
        repair=document.repair,
    )
    # 3. The place is kept; leave to cover text only where there is some.
    return change_draft(
        account,
        draft_id,
        lambda before: with_choices(
            before,
            sha256,
            now,
            placement=facts.placements[0],
            allow_overlap=allow_overlap and bool(facts.covers[0]),
        ),
        ports,
    )
