"""An order as a DynamoDB item: at most 1,024 bytes with every slot taken and the longest QRIS."""

from meterai.aws.orders.slots import slot_texts, slots_of, voided_of, voided_values
from meterai.aws.tables.attributes import (
    Item,
    NewItem,
    Value,
    maybe_text,
    maybe_time,
    maybe_whole,
    new_item,
    text,
    text_set,
    time,
    whole,
)
from meterai.aws.tables.timer_attributes import timer_of, timer_values
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Instruction, Method

INSTRUCTION = ("qr_text", "qr_page_url", "va_bank", "va_number", "fee_idr")


def order_item(order: Order) -> NewItem:
    return new_item(
        {
            **order_values(order),
            "slots": {str(slot): use for slot, use in slot_texts(order.slots).items()},
            "returned": frozenset(order.returned) or None,
            **voided_values(order.voided),
        }
    )


def order_values(order: Order) -> dict[str, Value]:
    """Without the slots and the lists of refunds and of voided stampings, of which each update
    writes its own members."""
    return {
        "order_id": order.order_id,
        "account": order.account,
        "state": order.state,
        "quantity": order.quantity,
        "unit_price_idr": order.unit_price_idr,
        "method": order.method,
        "body_hash": order.body_hash,
        "created_at": order.created_at,
        "expires_at": order.expires_at,
        "attempt": order.attempt,
        **timer_values(order.order_id, order.timer),
        **_instruction_values(order.instruction),
        "payment_id": order.payment_id,
        "paid_at": order.paid_at,
        "payment_known_at": order.payment_known_at,
        "cancelled_at": order.cancelled_at,
        "notify": 1 if order.notify else None,
    }


def _instruction_values(instruction: Instruction | None) -> dict[str, Value]:
    if instruction is None:
        return dict.fromkeys(INSTRUCTION)
    return {
        "qr_text": instruction.qr_text,
        "qr_page_url": instruction.qr_page_url,
        "va_bank": instruction.va_bank,
        "va_number": instruction.va_number,
        "fee_idr": instruction.fee_idr or None,
    }


def order_from(item: Item) -> Order:
    method = Method(text(item, "method"))
    return Order(
        order_id=OrderId(text(item, "order_id")),
        account=text(item, "account"),
        state=OrderState(text(item, "state")),
        quantity=whole(item, "quantity"),
        unit_price_idr=whole(item, "unit_price_idr"),
        method=method,
        body_hash=text(item, "body_hash"),
        created_at=time(item, "created_at"),
        expires_at=time(item, "expires_at"),
        attempt=whole(item, "attempt"),
        timer=timer_of(item),
        instruction=_instruction_from(item, method),
        payment_id=maybe_text(item, "payment_id"),
        paid_at=maybe_time(item, "paid_at"),
        payment_known_at=maybe_time(item, "payment_known_at"),
        slots=slots_of(item),
        returned=tuple(RefundId(one) for one in text_set(item, "returned")),
        cancelled_at=maybe_time(item, "cancelled_at"),
        voided=voided_of(item),
        notify="notify" in item,
    )


def _instruction_from(item: Item, method: Method) -> Instruction | None:
    if not any(name in item for name in INSTRUCTION):
        return None
    return Instruction(
        method=method,
        qr_text=maybe_text(item, "qr_text"),
        qr_page_url=maybe_text(item, "qr_page_url"),
        va_bank=maybe_text(item, "va_bank"),
        va_number=maybe_text(item, "va_number"),
        fee_idr=maybe_whole(item, "fee_idr"),
    )
