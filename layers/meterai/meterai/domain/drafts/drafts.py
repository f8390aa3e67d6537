"""A draft: what an applicant prepares on the pages until it is stamped.

It is kept on the server, so that they may leave at any step and go on with another phone. It
contains no money: orders, stampings and refunds have their own items and their own timers. While it
is ordered, its documents stay as they were ordered. A draft that nobody touches for `DRAFT_LASTS`
is deleted by its table.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from meterai.domain.drafts.draft_errors import DraftOrdered
from meterai.domain.errors import NotFound, TooManyDocuments
from meterai.domain.id_derivation import DraftId, OrderId
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind

DRAFT_LASTS = timedelta(days=90)  # from its last change


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """An uploaded document. `name` is the file's own (`file_names.py`), shown to its owner alone.
    `placement` is None until a place is chosen. `stamping` is the stamping that was requested for
    it."""

    sha256: str
    name: str
    size_bytes: int
    placement: Placement | None = None
    repair: bool = False
    allow_overlap: bool = False
    kind: DocumentKind = DocumentKind.STATEMENT
    stamping: Serial | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """`attempt` counts the orders that were begun for it: an order that expired is followed by
    another. `version` counts changes; of two that change it at once, the slower one reads again."""

    draft_id: DraftId
    account: str
    created_at: datetime
    changed_at: datetime
    documents: tuple[DraftDocument, ...] = ()
    portal: str | None = None
    method: Method = Method.QRIS
    order_id: OrderId | None = None
    attempt: int = 0
    version: int = 1
    notify: bool = False  # e-mails about what it orders

    @property
    def is_ready(self) -> bool:
        """Every document has its place: the answers can be checked and paid for."""
        return bool(self.documents) and all(one.placement for one in self.documents)

    def document(self, number: int) -> DraftDocument:
        """`number` counts from 1, as the pages' addresses do. Raises NotFound."""
        if not 1 <= number <= len(self.documents):
            raise NotFound
        return self.documents[number - 1]


Change = Callable[[Draft], Draft]


def draft_ends_at(draft: Draft) -> datetime:
    return draft.changed_at + DRAFT_LASTS


def newest_first(drafts: Iterable[Draft], limit: int) -> tuple[Draft, ...]:
    """By their last change; of the same moment, by their ids."""
    return tuple(
        sorted(drafts, key=lambda one: (one.changed_at, one.draft_id), reverse=True)[:limit]
    )


def changed(draft: Draft, now: datetime, **values: object) -> Draft:
    """The draft with these values, in its next version; itself where it has them already."""
    after = replace(draft, **values)  # type: ignore[arg-type]
    if after == draft:
        return draft
    return replace(after, changed_at=max(now, draft.changed_at), version=draft.version + 1)


def with_document(draft: Draft, document: DraftDocument, now: datetime) -> Draft:
    """The same file a second time changes nothing. Raises TooManyDocuments: an order can have no
    more e-meterai; DraftOrdered."""
    if any(one.sha256 == document.sha256 for one in draft.documents):
        return draft
    _check_open(draft)
    if len(draft.documents) >= MAX_QUANTITY:
        raise TooManyDocuments(max_documents=MAX_QUANTITY)
    return changed(draft, now, documents=(*draft.documents, document))


def without_document(draft: Draft, sha256: str, now: datetime) -> Draft:
    """A document that is not there any more is no error: two tabs may both remove it. Raises
    DraftOrdered."""
    left = tuple(one for one in draft.documents if one.sha256 != sha256)
    if left != draft.documents:
        _check_open(draft)
    return changed(draft, now, documents=left)


def with_choices(draft: Draft, sha256: str, now: datetime, **choices: object) -> Draft:
    """Fields of one document. Raises NotFound where the document is not in the draft,
    DraftOrdered."""
    if all(one.sha256 != sha256 for one in draft.documents):
        raise NotFound
    documents = tuple(
        replace(one, **choices) if one.sha256 == sha256 else one  # type: ignore[arg-type]
        for one in draft.documents
    )
    if documents != draft.documents:
        _check_open(draft)
    return changed(draft, now, documents=documents)


def ordered(
    draft: Draft,
    order_id: OrderId,
    attempt: int,
    now: datetime,
    *,
    stampings: Mapping[str, Serial],
    method: Method | None = None,
) -> Draft:
    """`stampings`: by the documents' SHA-256. `method`: by which it is paid, if it is not paid yet.
    A repeated click finds it ordered, and the click of an earlier attempt changes nothing."""
    if attempt <= draft.attempt:
        return draft
    return changed(
        draft,
        now,
        documents=tuple(
            replace(one, stamping=stampings.get(one.sha256)) for one in draft.documents
        ),
        order_id=order_id,
        attempt=attempt,
        method=method or draft.method,
    )


def reopened(draft: Draft, order_id: OrderId, now: datetime) -> Draft:
    """Its order was given up or has expired: its documents may be changed, and ordered again."""
    if draft.order_id != order_id:
        return draft
    documents = tuple(replace(one, stamping=None) for one in draft.documents)
    return changed(draft, now, documents=documents, order_id=None)


def _check_open(draft: Draft) -> None:
    """Raises DraftOrdered."""
    if draft.order_id is not None:
        raise DraftOrdered
