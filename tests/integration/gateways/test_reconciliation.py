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
from tests.integration.gateways.stage import Stage, stage
from tests.integration.gateways.test_money_stories import claim, paid, the_refund
from tests.midtrans import Fault, FaultKind


def today(on_stage: Stage) -> date:
    return day_of(on_stage.state.now)


def reconciled(on_stage: Stage, day: date, *, hours: int = 3) -> DayReport:
    on_stage.state.now = max(on_stage.state.now, end_of(day) + timedelta(hours=hours))
    on_stage.app.reconcile()
    return on_stage.state.day_reports[day]


def kinds(of: DayReport) -> list[Kind]:
    return [one.kind for one in of.differences]


def test_payments_refunds_and_payouts_agree_to_the_rupiah(on_stage: Stage) -> None:
    day = today(on_stage)
    order = paid(on_stage, Method.VIRTUAL_ACCOUNT)
    on_stage.app.refund(order.order_id)
    on_stage.pump.deliver()
    claim(on_stage, "a claim")
    on_stage.pump.deliver()
    on_stage.state.pass_time(timedelta(minutes=11))
    on_stage.app.sweep()
    on_stage.pump.deliver()
    assert the_refund(on_stage).state is RefundState.CONFIRMED
    found = reconciled(on_stage, day)
    assert found.differences == ()
    assert (found.compared.payments, found.compared.rows) == (1, 2), "a payment and a payout"
    assert found.compared.gateway_idr == found.compared.ours_idr == 12_000


def test_a_refund_to_its_source_agrees(on_stage: Stage) -> None:
    day = today(on_stage)
    order = paid(on_stage)
    on_stage.app.refund(order.order_id)
    on_stage.pump.until_idle()
    assert the_refund(on_stage).state is RefundState.CONFIRMED
    assert reconciled(on_stage, day).differences == ()


def test_a_second_payment_without_a_webhook_is_found_and_returned(
    on_stage: Stage,
) -> None:
    """The timer finds one payment by its charge. The other is only in the gateway's records."""
    day = today(on_stage)
    on_stage.simulator.add_fault(Fault(FaultKind.DOUBLE_PAYMENT))
    on_stage.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=99))
    order = on_stage.buy()
    assert on_stage.simulator.pay(order.charge_id)
    on_stage.state.pass_time(timedelta(minutes=2))
    on_stage.pump.until_idle()
    assert on_stage.stored(order).state is OrderState.PAID
    assert len(on_stage.state.payments) == 1
    assert on_stage.held_by_gateway_idr == 2 * 12_000
    assert kinds(reconciled(on_stage, day)) == [Kind.UNKNOWN_PAYMENT]
    on_stage.pump.until_idle()
    assert len(on_stage.state.payments) == 2
    refund = the_refund(on_stage)
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.CONFIRMED,
    )
    assert on_stage.held_by_gateway_idr == 12_000
    assert reconciled(on_stage, day, hours=27).differences == ()
    assert on_stage.app.ledger().differences == ()


def test_a_chargeback_without_a_webhook_is_found(on_stage: Stage) -> None:
    day = today(on_stage)
    order = paid(on_stage)
    on_stage.simulator.add_fault(Fault(FaultKind.WEBHOOK_LOST, times=99))
    transaction = on_stage.simulator.transaction(order.charge_id)
    assert transaction is not None
    with on_stage.simulator.ledger.lock:
        on_stage.simulator.ledger.move(transaction, "chargeback")
    on_stage.pump.deliver()
    assert on_stage.stored(order).state is OrderState.PAID
    assert kinds(reconciled(on_stage, day)) == [Kind.REVERSED_AT_GATEWAY]
    on_stage.pump.deliver()
    assert on_stage.stored(order).state is OrderState.REVERSED


def claimed_with_its_answers_lost(on_stage: Stage, lost: Fault) -> None:
    """Until its key is no longer valid."""
    order = paid(on_stage, Method.VIRTUAL_ACCOUNT)
    on_stage.app.refund(order.order_id)
    on_stage.pump.deliver()
    claim(on_stage, "a claim")
    on_stage.simulator.add_fault(lost)
    on_stage.pump.deliver()
    assert the_refund(on_stage).state is RefundState.SUBMITTED
    assert the_refund(on_stage).payout_reference is None
    on_stage.state.pass_time(PAYOUT_KEY_LIFETIME.resend_within)
    on_stage.simulator.faults.clear()


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_a_payout_that_was_made_and_never_answered_is_found_and_not_made_again(name: str) -> None:
    with stage(name) as on_stage:
        # At Midtrans the response to its release, which contains no key of ours.
        about = "" if name == "midtrans" else None
        claimed_with_its_answers_lost(
            on_stage,
            Fault(FaultKind.LOST_AFTER, endpoint="payouts", order_id=about, times=99),
        )
        on_stage.pump.until_idle()
        assert the_refund(on_stage).state is RefundState.CONFIRMED
        assert len(on_stage.simulator.payouts.made) == 1
        assert on_stage.app.ledger().differences == ()


def test_a_payout_that_was_never_made_is_made_anew_to_the_same_account(on_stage: Stage) -> None:
    claimed_with_its_answers_lost(
        on_stage, Fault(FaultKind.LOST_BEFORE, endpoint="payouts", times=99)
    )
    first = the_refund(on_stage).gateway_key
    on_stage.state.pass_time(PAYOUT_KEY_LIFETIME.forgotten_after)
    on_stage.pump.until_idle()
    assert the_refund(on_stage).state is RefundState.CONFIRMED
    [made] = on_stage.simulator.payouts.made
    assert made.key == the_refund(on_stage).gateway_key != first


def test_a_payout_that_was_never_checked_since_is_found_by_its_row(on_stage: Stage) -> None:
    """The day's record names the refund, whatever its timer does."""
    day = today(on_stage)
    about = "" if on_stage.app.adapter.name == "midtrans" else None
    lost = Fault(FaultKind.LOST_AFTER, endpoint="payouts", order_id=about, times=99)
    claimed_with_its_answers_lost(on_stage, lost)
    found = reconciled(on_stage, day)
    assert kinds(found) == [Kind.PAYOUT_UNKNOWN]
    on_stage.pump.deliver()
    assert the_refund(on_stage).state is RefundState.CONFIRMED
    assert reconciled(on_stage, day, hours=27).differences == ()


def test_a_record_of_many_pages_is_read_to_its_end(on_stage: Stage) -> None:
    day, adapter = today(on_stage), on_stage.app.adapter
    for number in range(120):
        charge = f"ord_{number:03}-1"
        ends = on_stage.state.now + timedelta(minutes=15)
        adapter.gateway.charge(charge, 12_000, Method.QRIS, ends)
        assert on_stage.simulator.pay(charge)
    rows = list(adapter.records.between(beginning_of(day), end_of(day)))
    assert len({row.transaction_id for row in rows if isinstance(row, PaymentRow)}) == 120
    assert list(adapter.records.between(end_of(day), end_of(day) + timedelta(hours=1))) == []


def test_halved_windows_leave_no_moment_out(on_stage: Stage) -> None:
    """Down to parts of a second, which neither gateway accepts."""
    day, adapter, state = today(on_stage), on_stage.app.adapter, on_stage.state
    for number in range(8):
        charge = f"ord_{number:03}-1"
        adapter.gateway.charge(charge, 12_000, Method.QRIS, state.now + timedelta(minutes=15))
        assert on_stage.simulator.pay(charge)
        state.pass_time(timedelta(seconds=0.7))
    window = timedelta(seconds=112.5)
    found, begins = 0, beginning_of(day) + timedelta(hours=9) - timedelta(seconds=0.4)
    while begins < state.now + window:
        found += len(list(adapter.records.between(begins, begins + window)))
        begins += window
    assert found == 8


def test_a_list_that_does_not_answer_is_unavailable() -> None:
    with stage("xendit") as on_stage:
        day = today(on_stage)
        for kind in (FaultKind.HTML, FaultKind.NOTHING, FaultKind.BROKEN, FaultKind.LOST_AFTER):
            on_stage.simulator.add_fault(Fault(kind, endpoint="transactions", times=2))
            with pytest.raises(Unavailable):
                list(on_stage.app.adapter.records.between(beginning_of(day), end_of(day)))
