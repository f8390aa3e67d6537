"""Buying e-meterai: an order and how it is paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from meterai.api.models import Answer, PollAfter, PortalName, Request, Whole
from meterai.api.queue_estimates import (
    EstimateAnswer,
    Position,
    estimate_of,
    poll_after_ms,
    position_of,
)
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Instruction, Method
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import GATEWAY_PATIENCE
from meterai.domain.waiting.queue_status import QueuePosition

POLL_MS = 5_000  # while it is being paid: thousands do so at once, each for a minute or two


class OrderRequest(Request):
    """Buy e-meterai, paid in one charge."""

    quantity: Whole = Field(description="How many, 1 to 8")
    method: Annotated[Method, Field(strict=False, description="How the buyer pays")] = Method.QRIS
    portal: PortalName | None = Field(
        default=None,
        description="Which portal it is for: then it is refused before anything is paid, if it "
        "could not be stamped before that one's deadline (GET /v1/portals/{portal})",
    )


class CancelRequest(Request):
    """Gives up an order that is not paid: an empty object."""


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
    says: str = Field(description="How it stands and what to do, in plain words")
    says_id: str = Field(description="The same in Indonesian")
    quantity: int
    available: int = Field(description="E-meterai that are free to be put on a document")
    amount_idr: int
    created_at: datetime
    expires_at: datetime = Field(description="Money that settles later goes back by itself")
    paid_at: datetime | None
    pay: PaymentInstruction | None = Field(
        description="While it waits for its payment; null until `retry_at`, if the gateway's "
        "answer was lost"
    )
    retry_at: datetime | None = Field(
        description="Where it waits and `pay` is null: send `POST /v1/orders` again at this time, "
        "with the same Idempotency-Key and body, and `pay` is there"
    )
    stampings: list[Serial] = Field(description="Each of them: GET /v1/stampings/{stamping_id}")
    refunds: list[RefundId] = Field(description="Each of them: GET /v1/refunds/{refund_id}")
    position: Position
    estimate: Annotated[
        EstimateAnswer | None,
        Field(description="How long after it is paid this is known here; null: that is not known"),
    ]
    poll_after_ms: PollAfter

    @classmethod
    def of(
        cls, order: Order, now: datetime, queue_position: QueuePosition | None = None
    ) -> "OrderAnswer":
        """`standing`: of a payment that would be told of now."""
        waits = order.state is OrderState.PENDING
        untold = waits and order.instruction is None and now < order.expires_at
        says, says_id = _says(order, now)
        usable = order.state in (OrderState.PENDING, OrderState.PAID)
        return cls(
            order_id=order.order_id,
            state=order.state,
            says=says,
            says_id=says_id,
            quantity=order.quantity,
            available=len(order.free_slots) if usable else 0,
            amount_idr=order.amount_idr,
            created_at=order.created_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            pay=PaymentInstruction.of(order.instruction) if waits and order.instruction else None,
            retry_at=order.created_at + GATEWAY_PATIENCE if untold else None,
            stampings=list(order.stampings()),
            refunds=[*order.refunds(), *order.returned],
            position=position_of(queue_position) if waits else None,
            estimate=estimate_of(queue_position) if waits else None,
            poll_after_ms=poll_after_ms(queue_position, POLL_MS) if waits else None,
        )


# In words that anybody understands: English, Indonesian.
_SAYS: Mapping[OrderState, tuple[str, str]] = {
    OrderState.PENDING: (
        "It waits for its payment.",
        "Menunggu pembayaran.",
    ),
    OrderState.PAID: (
        "It is paid. Its e-meterai can be put on documents, or given back.",
        "Sudah dibayar. E-meterainya dapat dibubuhkan pada dokumen, atau dikembalikan.",
    ),
    OrderState.EXPIRED: (
        "Its time ran out before it was paid. Money that still comes goes back by itself.",
        "Waktunya habis sebelum dibayar. Uang yang masih masuk kembali dengan sendirinya.",
    ),
    OrderState.CANCELLED: (
        "It was cancelled. Money that still comes goes back by itself.",
        "Sudah dibatalkan. Uang yang masih masuk kembali dengan sendirinya.",
    ),
    OrderState.REVERSED: (
        "The bank took the payment back, so nothing can be taken from it.",
        "Bank menarik kembali pembayarannya, jadi tidak ada yang dapat diambil.",
    ),
}
_UNTOLD = (
    "How to pay got lost. Send the same request, with the same Idempotency-Key, at `retry_at`.",
    "Cara bayar hilang di jalan. Kirim lagi permintaan dengan kunci yang sama pada `retry_at`.",
)
_CLOSING = (
    "Do not pay it any more. It closes once the payment gateway has said that no money came.",
    "Jangan dibayar lagi. Ditutup setelah gerbang pembayaran memastikan tidak ada uang masuk.",
)


def _says(order: Order, now: datetime) -> tuple[str, str]:
    """Of an order that waits, more than its state."""
    if order.state is OrderState.PENDING and now >= order.expires_at:
        return _CLOSING
    if order.state is OrderState.PENDING and order.instruction is None:
        return _UNTOLD
    return _SAYS[order.state]
