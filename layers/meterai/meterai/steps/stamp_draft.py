"""Stamp what a draft contains: each document with one e-meterai of one order."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Protocol, TypeVar

from meterai.domain.drafts.draft_errors import DraftChanged
from meterai.domain.drafts.draft_requests import REASONS, asks_the_same, place, stamping_request
from meterai.domain.drafts.drafts import Draft, DraftDocument, ordered
from meterai.domain.errors import NotFound, Refusal
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.domain.stamping.serials import Serial
from meterai.steps.change_draft import ChangeDraftPorts, change_draft
from meterai.steps.request_stamping import (
    RequestedStamping,
    RequestStampingPorts,
    check_document,
    request_stamping,
)

DOCUMENT = "document"  # the value of a refusal that says which document it is about, from 1
T = TypeVar("T")


class StampDraftPorts(ChangeDraftPorts, RequestStampingPorts, Protocol):
    """Of stamping."""


def stamp_draft(
    account: str, draft_id: DraftId, order_id: OrderId, ports: StampDraftPorts, now: datetime
) -> Draft:
    """The draft, ordered: with e-meterai that its owner has bought before and not used.

    May be repeated without limit: a draft that is ordered is left as it is. Raises NotFound,
    DraftChanged, and what `request_stamping` raises of a document, with its number in the draft
    among the values.
    """
    # 1. The draft.
    draft = ports.drafts.get(account, draft_id)
    if draft is None:
        raise NotFound
    if draft.order_id is not None:
        return draft
    if not draft.is_ready:
        raise DraftChanged
    # 2. Every document can be stamped: what is sent off cannot be called back.
    facts = check_documents(draft, ports)
    # 3. The stamping of each document.
    stampings = request_stampings(draft, order_id, facts, ports, now)

    # 4. The draft says so, if it still asks for this.
    def change(current: Draft) -> Draft:
        if current.attempt <= draft.attempt and not asks_the_same(current, draft):
            raise DraftChanged
        return ordered(current, order_id, draft.attempt + 1, now, stampings=stampings)

    return change_draft(account, draft_id, change, ports)


def check_documents(draft: Draft, ports: RequestStampingPorts) -> Mapping[str, DocumentFacts]:
    """By the documents' SHA-256. Raises what `check_document` raises."""
    return _of_each(
        draft.documents,
        lambda one: check_document(
            draft.account,
            one.sha256,
            (place(one),),
            ports,
            allow_overlap=one.allow_overlap,
            repair=one.repair,
        ),
    )


def request_stampings(
    draft: Draft,
    order_id: OrderId,
    facts: Mapping[str, DocumentFacts],
    ports: RequestStampingPorts,
    now: datetime,
) -> Mapping[str, Serial]:
    """By the documents' SHA-256. `facts`: of documents that were checked a moment ago."""

    def request(one: DraftDocument) -> Serial:
        request_identity, body_hash = stamping_request(draft, one, order_id)
        wanted = RequestedStamping(
            order_id=order_id,
            document=one.sha256,
            places=(place(one),),
            allow_overlap=one.allow_overlap,
            repair=one.repair,
            kind=one.kind,
            reason=REASONS[one.kind],
            portal=draft.portal,
            allow_duplicate=False,
            bulk=False,
            body_hash=body_hash,
            notify=draft.notify,
        )
        emeterai = request_stamping(
            request_identity, wanted, ports, now, facts=facts.get(one.sha256)
        )
        return emeterai[0].stamping

    return _of_each(draft.documents, request)


def _of_each(
    documents: Iterable[DraftDocument], what: Callable[[DraftDocument], T]
) -> Mapping[str, T]:
    """Names the document in what is refused."""
    found = {}
    for number, document in enumerate(documents, start=1):
        try:
            found[document.sha256] = what(document)
        except Refusal as refused:
            refused.values[DOCUMENT] = number
            raise
    return found
