"""Orders, payments, e-meterai and refunds for tests of the ports, with ids as in production."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from meterai.domain.id_derivation import IdDeriver, RequestIdentity
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Instruction, Method, Payment
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState
from meterai.domain.timers import Timer

NOW = datetime(2026, 11, 24, 2, 0, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
ACCOUNT = "7c1f6a52-9a1e-4c39-b0a2-1f0c4e3d2b11"
IDENTITIES = IdDeriver(b"the secret of the contract suite")
QRIS = Instruction(Method.QRIS, "00020101021226", "https://gateway.example/qr", None, None)
ACCOUNT_NUMBER = Instruction(Method.VIRTUAL_ACCOUNT, None, None, "bca", "333333333333333")
DOCUMENT = "5d41402abc4b2a76b9719d911017c592ae1f36c59f0c1b1a9e0d0f5f5b1c7e11"
OUTPUT = Output("0b8a1b0b7a7de0d1f1a2a7c9b1d6d2b44a3a7a21f9a5b5d0c3b4c2d1e0f9a8b7", 19_999_999)


def an_order(name: str = "order", **changes: Any) -> Order:
    """A pending order of three stamps, with a timer."""
    order = Order(
        order_id=IDENTITIES.order_id(RequestIdentity("orders", ACCOUNT, name)),
        account=ACCOUNT,
        state=OrderState.PENDING,
        quantity=3,
        unit_price_idr=10_000,
        method=Method.QRIS,
        body_hash="b" * 32,
        created_at=NOW,
        expires_at=NOW + 15 * MINUTE,
        attempt=1,
        timer=Timer(NOW + 3 * MINUTE, NOW + 15 * MINUTE),
    )
    return replace(order, **changes)


def a_payment(order: Order, name: str = "tx-1", **changes: Any) -> Payment:
    payment = Payment(
        payment_id=f"midtrans#{name}",
        gateway="midtrans",
        charge_id=order.charge_id,
        order_id=order.order_id,
        account=order.account,
        amount_idr=order.amount_idr,
        settled_at=NOW + MINUTE,
        known_at=NOW + 2 * MINUTE,
    )
    return replace(payment, **changes)


def a_stamping(
    order: Order, *slots: int, name: str = "stamping", **changes: Any
) -> tuple[EMeterai, ...]:
    """A stamping of one document that takes these slots. Its first e-meterai has the timer."""
    request_identity = RequestIdentity("stampings", ACCOUNT, name)
    serials = tuple(IDENTITIES.serial(request_identity, index) for index in range(len(slots)))
    timer = Timer(NOW + 5 * MINUTE, NOW + timedelta(days=1))
    return tuple(
        replace(
            EMeterai(
                serial=serial,
                serials=serials,
                state=SerialState.RESERVED,
                order_id=order.order_id,
                slot=slot,
                account=order.account,
                document=DOCUMENT,
                placement=Placement(page=-1, x_pt=72.5, y_pt=595.276, side_pt=72.0),
                kind=DocumentKind.STATEMENT,
                reason="Surat lamaran",
                portal=None,
                body_hash="c" * 32,
                requested_at=NOW,
                timer=timer if serial == serials[0] else None,
            ),
            **changes,
        )
        for serial, slot in zip(serials, slots, strict=True)
    )


def a_refund(
    order: Order, slots: Sequence[int] = (0,), name: str = "refund", **changes: Any
) -> Refund:
    refund = Refund(
        refund_id=IDENTITIES.refund_id(RequestIdentity("refunds", ACCOUNT, name)),
        account=order.account,
        order_id=order.order_id,
        payment_id="midtrans#tx-1",
        charge_id=order.charge_id,
        amount_idr=order.unit_price_idr * len(slots) or order.amount_idr,
        slots=tuple(slots),
        reason=RefundReason.REQUESTED,
        state=RefundState.DUE,
        body_hash="d" * 32,
        created_at=NOW,
        timer=Timer(NOW + 5 * MINUTE, NOW + timedelta(days=1)),
    )
    return replace(refund, **changes)
