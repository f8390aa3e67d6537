"""The stamping of a stamped file, kept with the file as its metadata.

So the bucket alone tells which e-meterai were used for which order, should the tables be restored
to a moment before (`meterai_cli reclaim`). The account is not in it, since a portal that fetches
the file reads it too; the order has the account.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from typing import Any

from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.orders import Order
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState

STAMPING = "stamping"  # the name of the metadata
MAX_METADATA_BYTES = 2_048
"""Names and values together: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html"""


def record_of(stamping: Sequence[EMeterai]) -> str:
    """Base 64, since metadata is ASCII."""
    first = stamping[0]
    fields = {
        "order_id": first.order_id,
        "document": first.document,
        "kind": first.kind,
        "reason": first.reason,
        "portal": first.portal,
        "body_hash": first.body_hash,
        "requested_at": text_of_time(first.requested_at),
        "level": first.level,
        "earlier": first.earlier_stamps,
        "bulk": first.bulk,
        "before_payment": first.before_payment,
        "each": [
            [
                one.serial,
                one.slot,
                one.placement.page,
                one.placement.x_pt,
                one.placement.y_pt,
                one.placement.side_pt,
            ]
            for one in stamping
        ],
    }
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(written.encode()).decode("ascii")


def order_in(record: str) -> OrderId:
    return OrderId(_fields(record)["order_id"])


def stamping_in(record: str, order: Order) -> tuple[EMeterai, ...]:
    """As it was reserved, without what was found about its document."""
    fields = _fields(record)
    serials = tuple(Serial(one[0]) for one in fields["each"])
    return tuple(
        EMeterai(
            serial=Serial(serial),
            serials=serials,
            state=SerialState.RESERVED,
            order_id=order.order_id,
            slot=slot,
            account=order.account,
            document=fields["document"],
            placement=Placement(page, x_pt, y_pt, side_pt),
            kind=DocumentKind(fields["kind"]),
            reason=fields["reason"],
            portal=fields["portal"],
            body_hash=fields["body_hash"],
            requested_at=time_of_text(fields["requested_at"]),
            timer=None,
            level=SignatureLevel(fields["level"]),
            earlier_stamps=fields["earlier"],
            bulk=fields["bulk"],
            before_payment=fields["before_payment"],
        )
        for serial, slot, page, x_pt, y_pt, side_pt in fields["each"]
    )


def _fields(record: str) -> Any:
    return json.loads(urlsafe_b64decode(record))
