"""An e-meterai as a DynamoDB item: at most 1,024 bytes, and one read tells an auditor all."""

from meterai.aws.due import clock_of, clock_values
from meterai.aws.items import (
    Item,
    NewItem,
    decimal,
    item_of,
    maybe_text,
    maybe_time,
    text,
    texts,
    time,
    whole,
)
from meterai.domain.identity import OrderId
from meterai.domain.placement import Placement
from meterai.domain.serials import Serial
from meterai.domain.stampings import DocumentKind, EMeterai, SerialState, VoidReason


def serial_item(emeterai: EMeterai) -> NewItem:
    return item_of(
        {
            "serial": emeterai.serial,
            "serials": emeterai.serials,
            "state": emeterai.state,
            "order_id": emeterai.order_id,
            "slot": emeterai.slot,
            "account": emeterai.account,
            "document": emeterai.document,
            "page": emeterai.placement.page,
            "x_pt": emeterai.placement.x_pt,
            "y_pt": emeterai.placement.y_pt,
            "side_pt": emeterai.placement.side_pt,
            "kind": emeterai.kind,
            "reason": emeterai.reason,
            "portal": emeterai.portal,
            "body_hash": emeterai.body_hash,
            "requested_at": emeterai.requested_at,
            **clock_values(emeterai.serial, emeterai.clock),
            "claimed_until": emeterai.claimed_until,
            "stamped_at": emeterai.stamped_at,
            "outputs": emeterai.outputs or None,
            "void_reason": emeterai.void_reason,
            "void_code": emeterai.void_code,
        }
    )


def serial_from(item: Item) -> EMeterai:
    void_reason = maybe_text(item, "void_reason")
    return EMeterai(
        serial=Serial(text(item, "serial")),
        serials=tuple(Serial(serial) for serial in texts(item, "serials")),
        state=SerialState(text(item, "state")),
        order_id=OrderId(text(item, "order_id")),
        slot=whole(item, "slot"),
        account=text(item, "account"),
        document=text(item, "document"),
        placement=Placement(
            page=whole(item, "page"),
            x_pt=decimal(item, "x_pt"),
            y_pt=decimal(item, "y_pt"),
            side_pt=decimal(item, "side_pt"),
        ),
        kind=DocumentKind(text(item, "kind")),
        reason=text(item, "reason"),
        portal=maybe_text(item, "portal"),
        body_hash=text(item, "body_hash"),
        requested_at=time(item, "requested_at"),
        clock=clock_of(item),
        claimed_until=maybe_time(item, "claimed_until"),
        stamped_at=maybe_time(item, "stamped_at"),
        outputs=texts(item, "outputs"),
        void_reason=None if void_reason is None else VoidReason(void_reason),
        void_code=maybe_text(item, "void_code"),
    )
