"""What the pages of a draft have in common: whose it is, and its addresses."""

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import DraftId
from meterai.domain.stamping.positions import whole_number
from meterai.pages.visits import Visit

DRAFTS = "/saya/pengajuan"


def own_draft(visit: Visit, draft: str) -> Draft:
    """Raises SignInNeeded; NotFound, also where it is somebody else's."""
    found = visit.ports.drafts.get(visit.account, DraftId(draft))
    if found is None:
        raise NotFound
    return found


def own_document(visit: Visit, draft: str, number: str) -> tuple[Draft, DraftDocument]:
    """Raises SignInNeeded, NotFound."""
    found = own_draft(visit, draft)
    return found, found.document(whole_number(number) or 0)


def is_ordered(draft: Draft) -> bool:
    """Its e-meterai are reserved: what was asked for changes no more."""
    return any(one.stamping for one in draft.documents)


def draft_address(draft: Draft) -> str:
    return f"{DRAFTS}/{draft.draft_id}"


def document_address(draft: Draft, sha256: str) -> str:
    """By its place in the list, as it is now. The draft's own address where it is not there."""
    for number, one in enumerate(draft.documents, start=1):
        if one.sha256 == sha256:
            return f"{draft_address(draft)}/dokumen/{number}"
    return draft_address(draft)
