"""A day's reconciliation with both gateways, each with the records that it really provides."""

from datetime import date, timedelta

import pytest

from meterai.domain.days import beginning_of, day_of, end_of
from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.discrepancies import Kind
from meterai.domain.reconciliation.gateway_records import PaymentRow
from meterai.domain.refunds.refunds import RefundReason, RefundState
from meterai.gateways.midtrans.payouts import PAYOUT_KEY_LIFETIME
from tests.integration.gateways.gateway_harness import GatewayHarness, open_harness
from tests.integration.gateways.test_payments_and_refunds import claim, paid, the_refund
from tests.midtrans import Fault, FaultKind


def today(harness: GatewayHarness) -> date:
    return day_of(harness.state.now)


def reconciled(harness: GatewayHarness, day: date, *, hours: int = 3) -> DayReport:
    harness.state.now = max(harness.state.now, end_of(day) + timedelta(hours=hours))
    harness.app.reconcile()
    return harness.state.day_reports[day]


def kinds(of: DayReport) -> list[Kind]:
    return [one.kind for one in of.differences]


def test_payments_refunds_and_payouts_agree_to_the_rupiah(harness: GatewayHarness) -> None:
    day = today(harness)
    order = paid(harness, Method.VIRTUAL_ACCOUNT)
    harness.app.refund(order.order_id)
    harness.pump.deliver()
    claim(harness, "a claim")
    harness.pump.deliver()
    harness.state.pass_time(timedelta(minutes=11))
    harness.app.sweep()
    harness.pump.deliver()
    assert the_refund(harness).state is RefundState.CONFIRMED
    found = reconciled(harness, day)
    assert found.differences == ()
    assert (found.compared.payments, found.compared.rows) == (1, 2), "a payment and a payout"
    assert found.compared.gateway_idr == found.compared.ours_idr == 12_000


def test_a_refund_to_its_source_agrees(harness: GatewayHarness) -> None:
    day = today(harness)
    order = paid(harness)
    harness.app.refund(order.order_id)
    harness.pump.until_idle()
    assert the_refund(harness).state is RefundState.CONFIRMED
    assert reconciled(harness, day).differences == ()


def test_a_second_payment_without_a_webhook_is_found_and_returned(
    harness: GatewayHarness,
) -> None:
    """The timer finds one payment by its charge. The other is only in the gateway's records."""
    day = today(harness)
    harness.simulator.add_fault(Fault(FaultKind.DOUBLE_PAYMENT))
    harness.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=99))
    order = harness.buy()
    assert harness.simulator.pay(order.charge_id)
    harness.state.pass_time(timedelta(minutes=2))
    harness.pump.until_idle()
    assert harness.stored(order).state is OrderState.PAID
    assert len(harness.state.payments) == 1
    assert harness.held_by_gateway_idr == 2 * 12_000
    assert kinds(reconciled(harness, day)) == [Kind.UNKNOWN_PAYMENT]
    harness.pump.until_idle()
    assert len(harness.state.payments) == 2
    refund = the_refund(harness)
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.CONFIRMED,
    )
    assert harness.held_by_gateway_idr == 12_000
    assert reconciled(harness, day, hours=27).differences == ()
    assert harness.app.ledger().differences == ()


def test_a_refund_that_failed_at_the_gateway_is_none_of_the_day(harness: GatewayHarness) -> None:
    day = today(harness)
    order = paid(harness)
    harness.simulator.add_fault(Fault(FaultKind.REFUND_DENIED))
    harness.app.refund(order.order_id)
    harness.pump.until_idle()
    assert the_refund(harness).state is RefundState.NEEDS_ACCOUNT
    assert reconciled(harness, day).differences == ()


@pytest.mark.parametrize("amount", ["0.00", "0.50", "-12000.00"])
def test_a_payment_of_nothing_leaves_nothing_open(harness: GatewayHarness, amount: str) -> None:
    day = today(harness)
    harness.simulator.add_fault(Fault(FaultKind.WRONG_AMOUNT, amount=amount))
    order = harness.buy()
    assert harness.simulator.pay(order.charge_id)
    harness.pump.until_idle()
    assert harness.stored(order).state is OrderState.EXPIRED
    assert harness.state.payments == {}
    assert reconciled(harness, day).differences == ()


def test_a_chargeback_without_a_webhook_is_found(harness: GatewayHarness) -> None:
    day = today(harness)
    order = paid(harness)
    harness.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=99))
    transaction = harness.simulator.transaction(order.charge_id)
    assert transaction is not None
    with harness.simulator.ledger.lock:
        harness.simulator.ledger.move(transaction, "chargeback")
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.PAID
    assert kinds(reconciled(harness, day)) == [Kind.REVERSED_AT_GATEWAY]
    harness.pump.deliver()
    assert harness.stored(order).state is OrderState.REVERSED


def claimed_with_its_answers_lost(harness: GatewayHarness, lost: Fault) -> None:
    """Until its key is no longer valid."""
    order = paid(harness, Method.VIRTUAL_ACCOUNT)
    harness.app.refund(order.order_id)
    harness.pump.deliver()
    claim(harness, "a claim")
    harness.simulator.add_fault(lost)
    harness.pump.deliver()
    assert the_refund(harness).state is RefundState.SUBMITTED
    assert the_refund(harness).payout_reference is None
    harness.state.pass_time(PAYOUT_KEY_LIFETIME.resend_within)
    harness.simulator.faults.clear()


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_payout_that_was_made_and_never_answered_is_found_and_not_made_again(name: str) -> None:
    with open_harness(name) as harness:
        # At Midtrans the response to its release, which contains no key of ours.
        about = "" if name == "midtrans" else None
        claimed_with_its_answers_lost(
            harness,
            Fault(FaultKind.LOST_AFTER, endpoint="payouts", order_id=about, times=99),
        )
        harness.pump.until_idle()
        assert the_refund(harness).state is RefundState.CONFIRMED
        assert len(harness.simulator.payouts.made) == 1
        assert harness.app.ledger().differences == ()


def test_a_payout_that_was_never_made_is_made_anew_to_the_same_account(
    harness: GatewayHarness,
) -> None:
    claimed_with_its_answers_lost(
        harness, Fault(FaultKind.LOST_BEFORE, endpoint="payouts", times=99)
    )
    first = the_refund(harness).gateway_key
    harness.state.pass_time(PAYOUT_KEY_LIFETIME.forgotten_after)
    harness.pump.until_idle()
    assert the_refund(harness).state is RefundState.CONFIRMED
    [made] = harness.simulator.payouts.made
    assert made.key == the_refund(harness).gateway_key != first


def test_a_payout_that_was_never_checked_since_is_found_by_its_row(harness: GatewayHarness) -> None:
    """The day's record names the refund, whatever its timer does."""
    day = today(harness)
    about = "" if harness.app.adapter.name == "midtrans" else None
    lost = Fault(FaultKind.LOST_AFTER, endpoint="payouts", order_id=about, times=99)
    claimed_with_its_answers_lost(harness, lost)
    found = reconciled(harness, day)
    assert kinds(found) == [Kind.PAYOUT_UNKNOWN]
    harness.pump.deliver()
    assert the_refund(harness).state is RefundState.CONFIRMED
    assert reconciled(harness, day, hours=27).differences == ()


def test_a_record_of_many_pages_is_read_to_its_end(harness: GatewayHarness) -> None:
    day, adapter = today(harness), harness.app.adapter
    for number in range(120):
        charge = f"ord_{number:03}-1"
        ends = harness.state.now + timedelta(minutes=15)
        adapter.gateway.charge(charge, 12_000, Method.QRIS, ends)
        assert harness.simulator.pay(charge)
    rows = list(adapter.records.between(beginning_of(day), end_of(day)))
    assert len({row.transaction_id for row in rows if isinstance(row, PaymentRow)}) == 120
    assert list(adapter.records.between(end_of(day), end_of(day) + timedelta(hours=1))) == []


def test_halved_windows_leave_no_moment_out(harness: GatewayHarness) -> None:
    """Down to parts of a second, which neither gateway accepts."""
    day, adapter, state = today(harness), harness.app.adapter, harness.state
    for number in range(8):
        charge = f"ord_{number:03}-1"
        adapter.gateway.charge(charge, 12_000, Method.QRIS, state.now + timedelta(minutes=15))
        assert harness.simulator.pay(charge)
        state.pass_time(timedelta(seconds=0.7))
    window = timedelta(seconds=112.5)
    found, begins = 0, beginning_of(day) + timedelta(hours=9) - timedelta(seconds=0.4)
    while begins < state.now + window:
        found += len(list(adapter.records.between(begins, begins + window)))
        begins += window
    assert found == 8


def test_a_list_that_does_not_answer_is_unavailable() -> None:
    with open_harness("xendit") as harness:
        day = today(harness)
        for kind in (FaultKind.HTML, FaultKind.NOTHING, FaultKind.BROKEN, FaultKind.LOST_AFTER):
            harness.simulator.add_fault(Fault(kind, endpoint="transactions", times=2))
            with pytest.raises(Unavailable):
                list(harness.app.adapter.records.between(beginning_of(day), end_of(day)))
