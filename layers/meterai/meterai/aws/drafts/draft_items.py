"""A draft as a DynamoDB item, with its documents as a list of maps. Only what differs from the
default is stored."""

from meterai.aws.tables.attributes import (
    Item,
    Value,
    decimal,
    digest,
    maps,
    maybe_text,
    maybe_whole,
    text,
    time,
    whole,
)
from meterai.domain.drafts.drafts import Draft, DraftDocument, draft_ends_at
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind


def draft_values(draft: Draft) -> dict[str, Value]:
    """Without the account, which the key has under its pseudonym. `expires_at`, in seconds, is the
    table's time to live."""
    return {
        "draft_id": draft.draft_id,
        "created_at": draft.created_at,
        "changed_at": draft.changed_at,
        "expires_at": int(draft_ends_at(draft).timestamp()),
        "documents": [_document_values(one) for one in draft.documents] or None,
        "portal": draft.portal,
        "method": draft.method,
        "order_id": draft.order_id,
        "attempt": draft.attempt or None,
        "version": draft.version,
        "notify": 1 if draft.notify else None,
    }


def draft_from(item: Item, account: str) -> Draft:
    order_id = maybe_text(item, "order_id")
    return Draft(
        draft_id=DraftId(text(item, "draft_id")),
        account=account,
        created_at=time(item, "created_at"),
        changed_at=time(item, "changed_at"),
        documents=tuple(_document_from(one) for one in maps(item, "documents")),
        portal=maybe_text(item, "portal"),
        method=Method(text(item, "method")),
        order_id=None if order_id is None else OrderId(order_id),
        attempt=maybe_whole(item, "attempt"),
        version=whole(item, "version"),
        notify="notify" in item,
    )


def _document_values(document: DraftDocument) -> dict[str, Value]:
    placement = document.placement
    return {
        "sha256": bytes.fromhex(document.sha256),
        "name": document.name,
        "size_bytes": document.size_bytes,
        "page": None if placement is None else placement.page,
        "x_pt": None if placement is None else placement.x_pt,
        "y_pt": None if placement is None else placement.y_pt,
        "side_pt": None if placement is None else placement.side_pt,
        "repair": 1 if document.repair else None,
        "allow_overlap": 1 if document.allow_overlap else None,
        "kind": document.kind,
        "stamping": document.stamping,
    }


def _document_from(item: Item) -> DraftDocument:
    stamping = maybe_text(item, "stamping")
    return DraftDocument(
        sha256=digest(item, "sha256"),
        name=text(item, "name"),
        size_bytes=whole(item, "size_bytes"),
        placement=_placement_from(item) if "page" in item else None,
        repair="repair" in item,
        allow_overlap="allow_overlap" in item,
        kind=DocumentKind(text(item, "kind")),
        stamping=None if stamping is None else Serial(stamping),
    )


def _placement_from(item: Item) -> Placement:
    return Placement(
        page=whole(item, "page"),
        x_pt=decimal(item, "x_pt"),
        y_pt=decimal(item, "y_pt"),
        side_pt=decimal(item, "side_pt"),
    )
