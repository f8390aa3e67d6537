"""What a draft asks of the engine: an order, and a stamping for each of its documents.

The keys are made of all that is asked for. So a repeated click is the same request, and a click
after something was changed is another one, which no earlier request can stand in the way of. What
an interrupted click leaves behind is an order that the draft does not name. It expires by itself;
who finds it among their orders, and pays it, has its e-meterai (`usable`).
"""

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

from meterai.domain.drafts.drafts import Draft, DraftDocument
from meterai.domain.id_derivation import IdDeriver, OrderId, RequestIdentity
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.stampings import DocumentKind

BODY_HASH_DIGITS = 32  # as those of the API's requests

# The reason of the signature, which every reader of the file is shown: nothing of the file's name.
REASONS: Mapping[DocumentKind, str] = {
    DocumentKind.SECURITIES: "Surat berharga atau akta",
    DocumentKind.STATEMENT: "Surat pernyataan atau perjanjian",
    DocumentKind.RECEIPT: "Tanda terima uang",
    DocumentKind.SETTLEMENT: "Pelunasan utang",
}


def order_request(draft: Draft, method: Method, attempt: int) -> tuple[RequestIdentity, str]:
    """Which order the draft asks for, and the hash of its body."""
    meaning = _hash(method.value, draft.portal, [_choices(one) for one in draft.documents])
    key = f"{draft.draft_id}-{attempt}-{meaning}"
    return RequestIdentity("orders", draft.account, key), meaning


def stamping_request(
    draft: Draft, document: DraftDocument, order_id: OrderId
) -> tuple[RequestIdentity, str]:
    """The same for one of its documents, with an e-meterai of this order."""
    meaning = _hash(order_id, draft.portal, _choices(document))
    return RequestIdentity("stampings", draft.account, f"{draft.draft_id}-{meaning}"), meaning


def place(document: DraftDocument) -> PointPlacement:
    """Of a document that has its place."""
    placement = document.placement
    assert placement is not None, document.sha256
    return PointPlacement(placement.page, placement.x_pt, placement.y_pt, placement.side_pt)


def asks_the_same(one: Draft, other: Draft) -> bool:
    """Whether both ask for the same, however they are paid."""
    return order_request(one, Method.QRIS, 0) == order_request(other, Method.QRIS, 0)


def is_payable(order: Order, now: datetime) -> bool:
    """It waits for its payment, and there is time for it."""
    return order.state is OrderState.PENDING and now < order.expires_at


def usable(order: Order, draft: Draft, id_deriver: IdDeriver) -> int:
    """How many e-meterai of a paid order the draft can use: the free ones, and those that an
    interrupted click requested for its documents."""
    requests = [stamping_request(draft, one, order.order_id)[0] for one in draft.documents]
    requested = {id_deriver.serial(one, 0) for one in requests}
    return len(order.free_slots) + len(requested & order.stampings().keys())


def _choices(document: DraftDocument) -> list[object]:
    placed = place(document)
    return [
        document.sha256,
        [placed.page, placed.x_pt, placed.y_pt, placed.side_pt],
        document.kind.value,
        document.repair,
        document.allow_overlap,
    ]


def _hash(*parts: object) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:BODY_HASH_DIGITS]
