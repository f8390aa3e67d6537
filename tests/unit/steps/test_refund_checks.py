"""Checks of refunds: not more than needed, and results known at once are written at once."""

from datetime import timedelta

import pytest

from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.refunds.refund_transitions import ACCOUNT_KEPT
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.domain.timers import NEAR_BREACH, NEXT_PAYOUT_CHECK
from meterai.messages import ExecuteRefund
from tests.fakes.gateway import MemoryGateway
from tests.fakes.payouts import MemoryPayouts
from tests.unit.steps.in_memory_app import BUDIS, InMemoryApp
from tests.unit.steps.message_pump import MessagePump


@pytest.fixture
def paid(app: InMemoryApp, pump: MessagePump) -> Order:
    order = app.buy(quantity=3)
    app.settle(order)
    pump.deliver()
    return app.state.orders[order.order_id]


def test_a_stale_index_entry_of_a_finished_refund_makes_no_work(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    refund = app.refund(paid.order_id)
    pump.deliver()
    app.ports.gateway.confirm_refund(refund.charge_id, refund.gateway_key)
    submitted = app.state.refunds[refund.refund_id]
    assert submitted.timer is not None
    app.state.now = submitted.timer.next_check_at
    app.state.index_lag = timedelta(minutes=1)
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    over = app.state.refunds[refund.refund_id]
    assert (over.state, over.timer) == (RefundState.CONFIRMED, None)
    assert app.sweep() == 1
    assert app.state.refunds[refund.refund_id] == over
    assert not app.state.refunds_lane


def test_a_refund_promise_at_risk_is_counted_from_the_very_moment(
    app: InMemoryApp, paid: Order
) -> None:
    refund = app.refund(paid.order_id)
    assert refund.timer is not None
    app.state.now = refund.timer.deadline_at - NEAR_BREACH
    app.sweep()
    assert app.ports.metrics.recorded == [(Metric.REFUND_PROMISE_AT_RISK, 1)]


@pytest.fixture
def waiting(app: InMemoryApp, pump: MessagePump) -> Refund:
    order = app.buy(method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()
    return app.state.refunds[refund.refund_id]


def test_checks_of_a_confirmed_payout_double_their_interval(
    app: InMemoryApp, pump: MessagePump, waiting: Refund
) -> None:
    app.claim(waiting.refund_id)
    pump.deliver()
    for reference in app.state.payouts:
        app.ports.bank.complete(reference)
    app.act_on(ExecuteRefund(refund_id=waiting.refund_id))
    confirmed_at = app.state.now
    days = []
    while (timer := app.state.refunds[waiting.refund_id].timer) is not None:
        app.state.now = timer.next_check_at
        days.append((timer.next_check_at - confirmed_at) // NEXT_PAYOUT_CHECK)
        app.sweep()
        pump.deliver()
    assert days == [1, 2, 4, 8, 16, ACCOUNT_KEPT // NEXT_PAYOUT_CHECK]


def test_a_payout_that_arrives_at_once_is_confirmed_at_once(
    app: InMemoryApp, pump: MessagePump, waiting: Refund, monkeypatch: pytest.MonkeyPatch
) -> None:
    pay_out = MemoryPayouts.pay_out

    def arrives(payouts: MemoryPayouts, *arguments: object) -> str:
        reference = pay_out(payouts, *arguments)  # type: ignore[arg-type]
        payouts.complete(reference)
        return reference

    monkeypatch.setattr(MemoryPayouts, "pay_out", arrives)
    app.claim(waiting.refund_id)
    pump.deliver()
    assert app.state.refunds[waiting.refund_id].state is RefundState.CONFIRMED
    [payout] = app.state.payouts.values()
    assert payout.note == f"Meterai {payout.key}", "what the bank shows the buyer"


def test_a_refund_that_the_bank_confirms_at_once_is_confirmed_at_once(
    app: InMemoryApp, paid: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    give, reasons = MemoryGateway.refund, list[str]()

    def gives(gateway: MemoryGateway, charge: str, key: str, idr: int, why: str) -> RefundOutcome:
        reasons.append(why)
        outcome = give(gateway, charge, key, idr, why)
        gateway.confirm_refund(paid.charge_id, key)
        return outcome

    monkeypatch.setattr(MemoryGateway, "refund", gives)
    refund = app.refund(paid.order_id)
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    assert reasons == ["requested"], "what the gateway shows the buyer"


def test_the_reason_why_a_refund_needs_an_account_is_logged(
    app: InMemoryApp, pump: MessagePump, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    """Refused as a refund, at the payout, and after the payout; operators need to know which."""
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.DENIED
    refund = app.refund(paid.order_id)
    pump.deliver()
    app.ports.bank.refused.add(BUDIS.number)
    app.claim(refund.refund_id)
    pump.deliver()
    app.ports.bank.refused.clear()
    app.claim(refund.refund_id, "second")
    pump.deliver()
    for reference in app.state.payouts:
        app.ports.bank.bounce(reference)
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    logged = [one for one in caplog.records if one.message == "refund needs an account number"]
    assert [vars(one)["why"] for one in logged] == ["denied", "payout_refused", "payout_failed"]


def test_a_refund_that_the_gateway_lists_is_not_sent_again(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    refund = app.refund(paid.order_id)
    pump.deliver()
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert calls == ["Refunds.get", "Gateway.status"]


def test_a_charge_reversed_by_our_own_refund_is_no_reversal_of_that_refund(
    app: InMemoryApp, paid: Order
) -> None:
    """The gateway lists our refund and calls the payment reversed: the money was returned once."""
    refund = app.refund(paid.order_id)
    charge = app.state.charges[paid.charge_id]
    charge.refunds[refund.gateway_key] = RefundStatus(
        refund.gateway_key, refund.amount_idr, final=True
    )
    charge.state = ChargeState.REVERSED
    app.act_on(ExecuteRefund(refund_id=refund.refund_id))
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED


def test_a_retry_of_a_refund_reads_no_slots_again(app: InMemoryApp, paid: Order) -> None:
    """Also where the order could not give them any more."""
    refund = app.refund(paid.order_id, quantity=3)
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert app.refund(paid.order_id, quantity=3) == refund
    assert calls == ["Orders.get", "Refunds.get", "Lanes.refund"]
