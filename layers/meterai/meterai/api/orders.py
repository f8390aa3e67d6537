"""Buying e-meterai: an order and how it is paid."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from meterai.api.forms import Answer, PollAfter, Request, Whole
from meterai.domain.identity import OrderId, RefundId
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import Instruction, Method
from meterai.domain.serials import Serial


class OrderRequest(Request):
    """Buy e-meterai, paid in one charge."""

    quantity: Whole = Field(description="How many, 1 to 8")
    method: Annotated[Method, Field(strict=False, description="How the buyer pays")] = Method.QRIS


class PaymentInstruction(Answer):
    """How to pay. `qr_text` is the text of a QRIS code, to be shown as a QR picture."""

    method: Method
    qr_text: str | None
    qr_page_url: str | None
    va_bank: str | None
    va_number: str | None

    @classmethod
    def of(cls, instruction: Instruction) -> "PaymentInstruction":
        return cls(
            method=instruction.method,
            qr_text=instruction.qr_text,
            qr_page_url=instruction.qr_page_url,
            va_bank=instruction.va_bank,
            va_number=instruction.va_number,
        )


class OrderAnswer(Answer):
    """An order: how it is paid, and what became of its e-meterai."""

    order_id: OrderId
    state: OrderState
    quantity: int
    available: int = Field(description="E-meterai that are free to be put on a document")
    amount_idr: int
    created_at: datetime
    expires_at: datetime = Field(description="Money that settles later goes back by itself")
    paid_at: datetime | None
    pay: PaymentInstruction | None = Field(description="While it waits for its payment")
    stampings: list[Serial] = Field(description="Each of them: GET /v1/stampings/{stamping_id}")
    refunds: list[RefundId] = Field(description="Each of them: GET /v1/refunds/{refund_id}")
    poll_after_ms: PollAfter

    @classmethod
    def of(cls, order: Order) -> "OrderAnswer":
        waits = order.state is OrderState.PENDING
        usable = order.state in (OrderState.PENDING, OrderState.PAID)
        return cls(
            order_id=order.order_id,
            state=order.state,
            quantity=order.quantity,
            available=len(order.free_slots) if usable else 0,
            amount_idr=order.amount_idr,
            created_at=order.created_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            pay=PaymentInstruction.of(order.instruction) if waits and order.instruction else None,
            stampings=list(order.stampings()),
            refunds=[*order.refunds(), *order.returned],
            poll_after_ms=2_000 if waits else None,
        )
