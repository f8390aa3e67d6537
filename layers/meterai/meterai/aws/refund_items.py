"""A refund as a DynamoDB item."""

from meterai.aws.due import clock_of, clock_values
from meterai.aws.items import Item, NewItem, item_of, maybe_time, text, texts, time, whole
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.refunds import Refund, RefundReason, RefundState


def refund_item(refund: Refund) -> NewItem:
    return item_of(
        {
            "refund_id": refund.refund_id,
            "account": refund.account,
            "order_id": refund.order_id,
            "payment_id": refund.payment_id,
            "charge_id": refund.charge_id,
            "amount_idr": refund.amount_idr,
            "slots": tuple(str(slot) for slot in refund.slots) or None,
            "reason": refund.reason,
            "state": refund.state,
            "body_hash": refund.body_hash,
            "created_at": refund.created_at,
            **clock_values(refund.refund_id, refund.clock),
            "confirmed_at": refund.confirmed_at,
        }
    )


def refund_from(item: Item) -> Refund:
    return Refund(
        refund_id=RefundId(text(item, "refund_id")),
        account=text(item, "account"),
        order_id=OrderId(text(item, "order_id")),
        payment_id=text(item, "payment_id"),
        charge_id=text(item, "charge_id"),
        amount_idr=whole(item, "amount_idr"),
        slots=tuple(int(slot) for slot in texts(item, "slots")),
        reason=RefundReason(text(item, "reason")),
        state=RefundState(text(item, "state")),
        body_hash=text(item, "body_hash"),
        created_at=time(item, "created_at"),
        clock=clock_of(item),
        confirmed_at=maybe_time(item, "confirmed_at"),
    )
