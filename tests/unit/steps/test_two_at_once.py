"""Between a worker's look and its write another was faster: the slower one does no harm."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import InStamping, NoBalance, Unavailable
from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.augmentation import SignatureLevel, timer_until_augmented
from meterai.domain.stamping.stampings import SerialState
from meterai.messages import ExecuteRefund, StampDocument
from tests.fakes.in_memory_state import Moment
from tests.fakes.ports import CLAIM
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump


def just_before(app: InMemoryApp, awaited: str, act: Callable[[], object]) -> None:
    """Once, as the next of these calls is about to be made."""

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", awaited):
            app.state.hook = lambda _moment, _call: None
            act()

    app.state.hook = hook


def charged_again(app: InMemoryApp, order: Order) -> Order:
    """A lost answer made a second charge of the order, which the buyer can pay as well."""
    first = app.state.charges[order.charge_id]
    second = charge_id(order.order_id, 2)
    app.state.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    app.state.orders[order.order_id] = replace(order, attempt=2)
    return app.state.orders[order.order_id]


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    order = app.buy(quantity=3)
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]


def test_of_two_payments_that_settle_at_once_the_slower_goes_back(
    app: InMemoryApp, pump: MessagePump
) -> None:
    order = app.buy()
    again = charged_again(app, order)
    app.settle(order)
    app.settle(again)
    slower, faster = (app.state.payments_lane.pop() for _ in range(2))
    just_before(app, "Orders.mark_paid", lambda: app.act_on(faster.message))
    app.act_on(slower.message)
    standing = app.state.orders[order.order_id]
    assert (standing.state, standing.payment_id) == (
        OrderState.PAID,
        f"midtrans#tx-{order.charge_id}",
    )
    [refund] = app.state.refunds.values()
    assert (refund.payment_id, refund.reason) == (
        "midtrans#tx-second",
        RefundReason.DUPLICATE_PAYMENT,
    )
    pump.until_quiet()
    assert app.ledger().differences == ()


def test_money_for_an_order_that_closed_meanwhile_goes_back(app: InMemoryApp) -> None:
    order = app.buy()
    app.settle(order)
    [letter] = app.state.payments_lane
    closed = replace(order, state=OrderState.EXPIRED, timer=None, instruction=None)
    just_before(
        app,
        "Orders.mark_paid",
        lambda: app.state.orders.update({order.order_id: closed}),
    )
    app.state.orders[order.order_id] = order
    app.act_on(letter.message)
    [refund] = app.state.refunds.values()
    assert (refund.reason, refund.amount_idr) == (RefundReason.LATE_PAYMENT, order.amount_idr)


def test_a_reversal_that_meets_money_on_its_way_back_asks_its_refund(
    app: InMemoryApp, pump: MessagePump
) -> None:
    """The order was read before the other worker wrote that the money goes back."""
    order = app.buy()
    charge = app.state.charges[order.charge_id]
    charge.amount_idr = 1_000
    app.settle(order)
    [letter] = app.state.payments_lane
    app.state.payments_lane.clear()

    def the_other_worker() -> None:
        charge.state = ChargeState.SETTLED
        app.act_on(letter.message)
        charge.state = ChargeState.REVERSED

    charge.state = ChargeState.REVERSED
    just_before(app, "Payments.get", the_other_worker)
    app.act_on(letter.message)
    [refund] = app.state.refunds.values()
    asked = [one.message for one in app.state.refunds_lane]
    assert asked == [ExecuteRefund(refund_id=refund.refund_id)] * 2
    assert app.state.orders[order.order_id].state is OrderState.PENDING
    pump.until_quiet()
    assert app.state.refunds[refund.refund_id].state is RefundState.SUPERSEDED


def test_a_reversal_that_finds_its_order_paid_by_other_money_gives_its_own_back(
    app: InMemoryApp,
) -> None:
    """Written down by a worker that ended there; the other charge pays as it is looked at."""
    order = app.buy()
    again = charged_again(app, order)
    app.settle(again)
    letter = app.state.payments_lane.pop()
    just_before(app, "Orders.mark_paid", app.break_down)
    with pytest.raises(Unavailable):
        app.act_on(letter.message)
    app.state.charges[again.charge_id].state = ChargeState.REVERSED
    app.settle(order)
    faster = app.state.payments_lane.pop()
    just_before(app, "Orders.mark_paid", lambda: app.act_on(faster.message))
    app.act_on(letter.message)
    standing = app.state.orders[order.order_id]
    assert standing.payment_id == f"midtrans#tx-{order.charge_id}"
    [refund] = app.state.refunds.values()
    assert (refund.payment_id, refund.reason) == (
        "midtrans#tx-second",
        RefundReason.DUPLICATE_PAYMENT,
    )


def due(app: InMemoryApp, paid: Order) -> Refund:
    refund = app.refund(paid.order_id)
    app.state.refunds_lane.clear()
    return refund


def test_an_attempt_that_failed_is_made_anew_also_after_a_crash(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    refund = due(app, paid)
    app.state.refunds[refund.refund_id] = replace(
        refund, state=RefundState.FAILED, told_at=app.state.now
    )
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    again = app.state.refunds[refund.refund_id]
    assert (again.state, again.attempt) == (RefundState.SUBMITTED, 2)
    assert list(app.state.charges[paid.charge_id].refunds) == [again.gateway_key]
    pump.until_quiet()
    assert app.ledger().differences == ()


@pytest.mark.parametrize("state", [ChargeState.SETTLED, ChargeState.REVERSED])
def test_who_comes_second_to_a_failed_attempt_leaves_it_alone(
    app: InMemoryApp, paid: Order, state: ChargeState
) -> None:
    refund = due(app, paid)
    message = ExecuteRefund(refund_id=refund.refund_id)
    failed = replace(refund, state=RefundState.FAILED, told_at=app.state.now)
    app.state.refunds[refund.refund_id] = failed
    app.state.charges[paid.charge_id].state = state
    just_before(app, "Refunds.advance", lambda: app.act_on(message))
    app.act_on(message)
    standing = app.state.refunds[refund.refund_id]
    assert standing.attempt == 2
    assert standing.state is (
        RefundState.SUBMITTED if state is ChargeState.SETTLED else RefundState.SUPERSEDED
    )
    assert len(app.state.charges[paid.charge_id].refunds) == (state is ChargeState.SETTLED)


def test_what_a_worker_claims_meanwhile_is_in_stamping(app: InMemoryApp, paid: Order) -> None:
    waiting = app.request(paid.order_id, count=2)

    def a_worker_claims() -> None:
        app.ports.serials.claim(waiting.serials, app.state.now, app.state.now + CLAIM)

    just_before(app, "Serials.void", a_worker_claims)
    with pytest.raises(InStamping) as refused:
        app.refund(paid.order_id, quantity=3)
    assert refused.value.values == {"order_id": paid.order_id}
    assert app.state.refunds == {}


@pytest.mark.parametrize(
    ("level", "waits"), [(SignatureLevel.B_B, False), (SignatureLevel.B_LT, True)]
)
@pytest.mark.parametrize("count", [1, 2])
def test_a_lapsed_claim_that_left_a_file_is_a_stamp_and_no_refund(
    app: InMemoryApp, paid: Order, count: int, level: SignatureLevel, *, waits: bool
) -> None:
    app.ports.signature_level = level
    first = app.request(paid.order_id, count=count)

    def crash() -> None:
        raise Crash

    just_before(app, "Serials.finish", crash)
    with pytest.raises(Crash):
        app.act_on(StampDocument(serials=first.serials))
    app.state.pass_time(CLAIM + timedelta(seconds=1))
    with pytest.raises(NoBalance):
        app.refund(paid.order_id, quantity=3)
    output = hashlib.sha256(app.state.stamped[first.stamping]).hexdigest()
    stamps = [app.state.serials[serial] for serial in first.serials]
    assert [(one.state, one.stamped_at, one.outputs) for one in stamps] == [
        (SerialState.STAMPED, app.state.now, (output,))
    ] * count
    assert stamps[0].timer == timer_until_augmented(level, SignatureLevel.B_B, app.state.now)
    assert (stamps[0].timer is not None) is waits
