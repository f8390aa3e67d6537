"""After the tables were restored: what the bucket knows of e-meterai and the tables do not.

A stamped file is a fact. One that was stored after the moment to which the tables were restored has
taken slots of its order that look free by now: its buyer could have them stamped again. Each such
file names its stamping, which is put on record again. Idempotent; without `apply` nothing is
written. A run that is cut off leaves what a worker does that ends after it has stored the file: the
timer goes on with it, and the file decides.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from meterai.aws.orders.orders import DynamoOrders
from meterai.aws.orders.serials import DynamoSerials
from meterai.aws.storage.stamping_records import STAMPING, order_in, stamping_in
from meterai.domain.orders.orders import Order
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.outputs import Output, is_listed
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.timers import RESEND_AFTER, Timer
from meterai.ports import Reserved

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PROMISE = timedelta(days=1)  # its file is there already


@dataclass(frozen=True, slots=True)
class Restored:
    """The tables, which serve by now, and the bucket."""

    orders: DynamoOrders
    serials: DynamoSerials
    s3: Any
    bucket: str

    @classmethod
    def of(cls, names: Mapping[str, str], dynamodb: "DynamoDBClient", s3: Any) -> "Restored":
        """`names`: physical ones, by those of the template."""
        orders, serials, refunds = (
            names[one] for one in ("OrdersTable", "SerialsTable", "RefundsTable")
        )
        return cls(
            DynamoOrders(dynamodb, orders),
            DynamoSerials(dynamodb, serials, orders, refunds),
            s3,
            names["DocumentsBucket"],
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """`is_open`: a person has to look at it."""

    key: str
    says: str
    is_open: bool = False


def reclaim(tables: Restored, since: datetime, now: datetime, *, apply: bool) -> Iterator[Finding]:
    """Of every stamped file that was stored since then, and is not on record as it is."""
    pages = tables.s3.get_paginator("list_objects_v2").paginate(
        Bucket=tables.bucket, Prefix="stamped/"
    )
    for page in pages:
        for listed in page.get("Contents", ()):
            if listed["LastModified"] >= since:
                yield from _judge(tables, listed["Key"], now, apply=apply)


def _judge(tables: Restored, key: str, now: datetime, *, apply: bool) -> Iterator[Finding]:
    head = tables.s3.head_object(Bucket=tables.bucket, Key=key)
    metadata, output = head["Metadata"], Output(head["Metadata"]["sha256"], head["ContentLength"])
    if STAMPING not in metadata:
        yield Finding(
            key, "it names no stamping: it was stored by an earlier release", is_open=True
        )
        return
    order = tables.orders.get(order_in(metadata[STAMPING]))
    if order is None:
        says = f"its order {order_in(metadata['stamping'])} is not there"
        yield Finding(key, says, is_open=True)
        return
    stamping = stamping_in(metadata[STAMPING], order)
    found = tables.serials.get_many([one.serial for one in stamping])
    if not found:
        placed = _placed(stamping, order, now)
        if placed is None:
            says = f"its order {order.order_id} has no {len(stamping)} free slots"
            yield Finding(key, says, is_open=True)
            return
        if apply and not isinstance(tables.serials.reserve(order, placed), Reserved):
            yield Finding(key, "its order changes at this moment: try again", is_open=True)
            return
        found = placed
    elif all(is_listed(output.sha256, one.outputs) for one in found):
        return
    elif any(one.state is not SerialState.RESERVED for one in found):
        states = ", ".join(sorted({one.state for one in found}))
        yield Finding(key, f"its e-meterai are {states}, with another file", is_open=True)
        return
    timer = timer_until_augmented(found[0].level, SignatureLevel.B_B, now)
    if apply and not tables.serials.finish(found, output, head["LastModified"], timer):
        yield Finding(key, "its e-meterai change at this moment: try again", is_open=True)
        return
    yield Finding(key, f"{'is' if apply else 'would be'} on record again, order {order.order_id}")


def _placed(
    stamping: tuple[EMeterai, ...], order: Order, now: datetime
) -> tuple[EMeterai, ...] | None:
    """In the slots that it had, or in others where those are taken by now; None: there are none.
    With a timer, and a claim that has lapsed: its file is asked for before it is voided."""
    free, own = order.free_slots, tuple(one.slot for one in stamping)
    slots = own if set(own) <= set(free) else free[: len(own)]
    if len(slots) < len(own):
        return None
    timer = Timer(now + RESEND_AFTER, now + PROMISE)
    return tuple(
        replace(
            one,
            slot=slot,
            timer=timer if one.serial == one.stamping else None,
            claimed_until=now,
        )
        for one, slot in zip(stamping, slots, strict=True)
    )
