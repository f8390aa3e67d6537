"""Buying e-meterai: an order and how it is paid."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field

from meterai.api.models import Answer, Count, Message, PollAfter, PortalName, Request, Rupiah, Whole
from meterai.api.queue_estimates import (
    EstimateAnswer,
    Position,
    estimate_of,
    poll_after_ms,
    position_of,
)
from meterai.api.refunds import RefundTerms
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import MAX_QUANTITY, Order, OrderState
from meterai.domain.orders.payments import Instruction, Method
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.stamping.serials import Serial
from meterai.domain.timers import CHARGE_TIMEOUT
from meterai.domain.waiting.load_snapshot import QueuePosition
from meterai.languages import Language, Text

POLL_MS = 5_000  # while it is being paid, which takes a minute or two


class OrderRequest(Request):
    """Buy e-meterai, paid in one charge."""

    quantity: Whole = Field(
        description="How many",
        # What is outside gets a problem of its own (`quantity_out_of_range`).
        json_schema_extra={"minimum": 1, "maximum": MAX_QUANTITY},
    )
    method: Annotated[Method, Field(strict=False, description="How the buyer pays")] = Method.QRIS
    portal: PortalName | None = Field(
        default=None,
        description="The portal it is for. The order is refused, before anything is paid, if it "
        "could not be stamped before the portal's deadline (GET /v1/portals/{portal})",
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
    fee_idr: Rupiah = Field(
        description="The gateway's fee, which the buyer pays on top of `amount_idr`; mostly 0. It "
        "goes back with money that buys nothing, and not with a refund of e-meterai"
    )

    @classmethod
    def of(cls, instruction: Instruction) -> "PaymentInstruction":
        return cls(
            method=instruction.method,
            qr_text=instruction.qr_text,
            qr_page_url=instruction.qr_page_url,
            va_bank=instruction.va_bank,
            va_number=instruction.va_number,
            fee_idr=instruction.fee_idr,
        )


class OrderAnswer(Answer):
    """An order: how to pay it, and what its e-meterai were used for."""

    order_id: OrderId
    state: OrderState
    message: Message
    quantity: Count
    available: Count = Field(description="E-meterai that are not used yet")
    amount_idr: Rupiah
    created_at: datetime
    expires_at: datetime = Field(description="Money that arrives later is refunded automatically")
    paid_at: datetime | None
    pay: PaymentInstruction | None = Field(
        description="While the order waits for its payment; null if the gateway's answer was lost, "
        "or what was shown was rejected or has expired there: until the request is sent again"
    )
    retry_at: datetime | None = Field(
        description="Set where the order is pending and `pay` is null: send `POST /v1/orders` "
        "again at this time, with the same Idempotency-Key and body, to get `pay`"
    )
    stampings: list[Serial] = Field(description="Read each by GET /v1/stampings/{stamping_id}")
    refund_terms: RefundTerms
    voided: list[Serial] = Field(
        description="Stampings whose e-meterai were never put on their document, the last of each "
        "slot; GET /v1/stampings/{stamping_id} says why"
    )
    refunds: list[RefundId] = Field(description="Read each by GET /v1/refunds/{refund_id}")
    position: Position
    estimate: Annotated[
        EstimateAnswer | None,
        Field(description="From the payment until the order is `paid` here; null: not known"),
    ]
    poll_after_ms: PollAfter

    @classmethod
    def of(
        cls,
        order: Order,
        now: datetime,
        language: Language,
        promises: RefundPromises,
        queue_position: QueuePosition | None = None,
    ) -> "OrderAnswer":
        """`queue_position`: of a payment whose webhook would arrive now."""
        waits = order.state is OrderState.PENDING
        is_payable = waits and now < order.expires_at
        instruction = order.instruction if is_payable else None
        usable = order.state in (OrderState.PENDING, OrderState.PAID)
        return cls(
            order_id=order.order_id,
            state=order.state,
            message=_message(order, now).in_language(language),
            quantity=order.quantity,
            available=len(order.free_slots) if usable else 0,
            amount_idr=order.amount_idr,
            created_at=order.created_at,
            expires_at=order.expires_at,
            paid_at=order.paid_at,
            pay=PaymentInstruction.of(instruction) if instruction else None,
            retry_at=order.created_at + CHARGE_TIMEOUT
            if is_payable and instruction is None
            else None,
            stampings=list(order.stampings()),
            refund_terms=RefundTerms.of(order.method, promises, language),
            voided=sorted(order.voided.values()),
            refunds=[*order.refunds(), *order.returned],
            position=position_of(queue_position) if waits else None,
            estimate=estimate_of(queue_position) if waits else None,
            poll_after_ms=poll_after_ms(queue_position, POLL_MS) if waits else None,
        )


_MESSAGES: Mapping[OrderState, Text] = {
    OrderState.PENDING: Text(
        "Menunggu pembayaran.",
        "Waiting for your payment.",
    ),
    OrderState.PAID: Text(
        "Sudah dibayar. E-meterai dapat dibubuhkan pada dokumen, atau dananya dikembalikan.",
        "Paid. You can put the e-meterai on documents, or have what is unused refunded.",
    ),
    OrderState.EXPIRED: Text(
        "Kedaluwarsa sebelum dibayar. Uang yang masih masuk dikembalikan otomatis.",
        "Expired before it was paid. Money that still arrives is refunded automatically.",
    ),
    OrderState.CANCELLED: Text(
        "Dibatalkan. Uang yang masih masuk dikembalikan otomatis.",
        "Cancelled. Money that still arrives is refunded automatically.",
    ),
    OrderState.REVERSED: Text(
        "Bank menarik kembali pembayarannya, jadi e-meterai tidak dapat dipakai lagi.",
        "The bank took the payment back, so the e-meterai can no longer be used.",
    ),
}
_NO_INSTRUCTION = Text(
    "Petunjuk pembayaran belum ada. Kirim lagi permintaan yang sama, dengan Idempotency-Key yang "
    "sama, pada waktu `retry_at`.",
    "The payment instructions were lost. Send the same request, with the same Idempotency-Key, at "
    "`retry_at`.",
)
_WITHDRAWN = Text(
    "Pembayaran ditolak atau kodenya tidak berlaku lagi. Kirim lagi permintaan yang sama, dengan "
    "Idempotency-Key yang sama, untuk mendapat kode baru. Jangan bayar kode yang lama.",
    "The payment was rejected, or its code is no longer valid. Send the same request, with the "
    "same Idempotency-Key, to get a new one. Do not pay the old one.",
)
_CLOSING = Text(
    "Jangan dibayar lagi. Pesanan ditutup setelah penyedia pembayaran memastikan tidak ada uang "
    "yang masuk.",
    "Do not pay this order any more. It closes once the payment gateway has confirmed that no "
    "money arrived.",
)


def _message(order: Order, now: datetime) -> Text:
    if order.state is OrderState.PENDING and now >= order.expires_at:
        return _CLOSING
    if order.state is OrderState.PENDING and order.instruction is None:
        return _NO_INSTRUCTION if order.attempt == 1 else _WITHDRAWN
    return _MESSAGES[order.state]
