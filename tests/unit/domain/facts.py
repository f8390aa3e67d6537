"""One order with all its facts, which a test varies."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from meterai.domain.id_derivation import ChargeId, OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState, Refunded, SlotUse, Taken
from meterai.domain.orders.payments import ChargeState, ChargeStatus, Method, Payment
from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
PRICE_IDR = 12_000
DOCUMENT = "d0c0" * 16
ORDER_ID = OrderId("ord_A")
CHARGE_ID = ChargeId("ord_A-1")
PAYMENT_ID = "midtrans#tx-1"

PENDING = Order(
    order_id=ORDER_ID,
    account="buyer",
    state=OrderState.PENDING,
    quantity=4,
    unit_price_idr=PRICE_IDR,
    method=Method.QRIS,
    body_hash="hash",
    created_at=NOW,
    expires_at=NOW + timedelta(minutes=15),
    attempt=1,
    timer=None,
)
PAID = replace(
    PENDING, state=OrderState.PAID, payment_id=PAYMENT_ID, paid_at=NOW, payment_known_at=NOW
)
PAYMENT = Payment(PAYMENT_ID, "midtrans", CHARGE_ID, ORDER_ID, "buyer", 4 * PRICE_IDR, NOW, NOW)
STATUS = ChargeStatus(CHARGE_ID, "tx-1", ChargeState.SETTLED, 4 * PRICE_IDR, "IDR", NOW, refunds=())


def emeterai(serial: str, slot: int, state: SerialState) -> EMeterai:
    return EMeterai(
        serial=Serial(serial),
        serials=(Serial(serial),),
        state=state,
        order_id=ORDER_ID,
        slot=slot,
        account="buyer",
        document=DOCUMENT,
        placement=Placement(1, 0.0, 0.0, 72.0),
        kind=DocumentKind.STATEMENT,
        reason="a letter",
        portal=None,
        body_hash="hash",
        requested_at=NOW,
        timer=None,
        stamped_at=NOW if state is SerialState.STAMPED else None,
        outputs=(Output("0a" * 32, 40_000),) if state is SerialState.STAMPED else (),
    )


def refund(name: str, slots: tuple[int, ...], state: RefundState, amount_idr: int) -> Refund:
    return Refund(
        refund_id=RefundId(name),
        account="buyer",
        order_id=ORDER_ID,
        payment_id=PAYMENT_ID,
        charge_id=CHARGE_ID,
        amount_idr=amount_idr,
        slots=slots,
        reason=RefundReason.REQUESTED,
        state=state,
        body_hash="hash",
        created_at=NOW,
        timer=None,
    )


def taken(serial: str) -> Taken:
    return Taken(Serial(serial), Serial(serial), DOCUMENT[:8])


def busy_order() -> OrderFacts:
    """Four bought: one stamped, one reserved, one refunded, one free."""
    stamped = emeterai("S", 0, SerialState.STAMPED)
    reserved = emeterai("R", 1, SerialState.RESERVED)
    given = refund("rfd_A", (2,), RefundState.CONFIRMED, PRICE_IDR)
    slots: dict[int, SlotUse] = {0: taken("S"), 1: taken("R"), 2: Refunded(given.refund_id)}
    return OrderFacts(
        order=replace(PAID, slots=slots),
        payments=[PAYMENT],
        emeterai={stamped.serial: stamped, reserved.serial: reserved},
        refunds={given.refund_id: given},
    )
