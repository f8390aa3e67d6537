"""Reconciliation of returned money: refunds and payouts, at the gateway and in the system."""

from dataclasses import replace
from datetime import date

import pytest

from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.reconciliation.discrepancies import Kind
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.domain.refunds.refunds import RefundState
from meterai.messages import CheckCharge
from tests.fakes.charges import Payout
from tests.fakes.ports import PRICE_IDR
from tests.fakes.records import MemoryRecords
from tests.unit.steps.in_memory_app import BUYER, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today


def test_a_refund_at_the_gateway_that_we_did_not_request_is_named(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    charge = app.state.charges[paid.charge_id]
    charge.refunds["by-hand"] = RefundStatus("by-hand", PRICE_IDR, final=True)
    charge.state = ChargeState.REFUNDED
    assert kinds(report(app, day)) == [Kind.REFUND_UNKNOWN]


@pytest.mark.parametrize("listed", ["final", "not final", "not at all"])
def test_a_refund_confirmed_here_must_be_final_at_the_gateway(
    app: InMemoryApp, pump: MessagePump, paid: Order, listed: str
) -> None:
    day = today(app)
    refund = app.refund(paid.order_id)
    pump.until_idle()
    charge = app.state.charges[paid.charge_id]
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    if listed == "not at all":
        charge.refunds.clear()
        charge.state = ChargeState.SETTLED
    elif listed == "not final":
        [key] = charge.refunds
        charge.refunds[key] = replace(charge.refunds[key], final=False)
        charge.state = ChargeState.SETTLED
    wanted = [] if listed == "final" else [Kind.REFUND_NOT_EXECUTED]
    assert kinds(report(app, day)) == wanted


def listing_refunds(app: InMemoryApp, day: date) -> list[Kind]:
    """Reconciled with a gateway that lists refunds separately."""
    app.state.now = the_morning_after(day)
    app.ports.records = {"midtrans": MemoryRecords(app.state, lists_refunds=True)}
    app.reconcile()
    return kinds(app.state.day_reports[day])


def test_a_refund_that_the_bank_confirmed_unreported_is_checked(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    refund = app.refund(paid.order_id)
    pump.deliver()
    assert listing_refunds(app, day) == []
    app.state.day_reports.clear()
    app.ports.gateway.confirm_refund(paid.charge_id, f"{refund.refund_id}-1")
    assert listing_refunds(app, day) == [Kind.REFUND_UNCONFIRMED]
    assert [letter.group for letter in app.state.refunds_lane] == [BUYER]
    pump.deliver()
    assert app.state.refunds[refund.refund_id].state is RefundState.CONFIRMED
    app.state.day_reports.clear()
    assert listing_refunds(app, day) == []


def test_a_listed_refund_that_we_did_not_request_is_named(app: InMemoryApp, paid: Order) -> None:
    day = today(app)
    by_hand = RefundStatus("by-hand", PRICE_IDR, final=True)
    app.state.charges[paid.charge_id].refunds["by-hand"] = by_hand
    assert listing_refunds(app, day) == [Kind.REFUND_UNKNOWN]
    assert app.state.day_reports[day].compared.rows == 2, "the payment's, and the refund's"


def test_a_listed_refund_of_a_payment_that_the_bank_reversed_checks_that_charge(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    app.refund(paid.order_id)
    pump.until_idle()
    charge = app.state.charges[paid.charge_id]
    [key] = charge.refunds
    charge.refunds[key] = replace(charge.refunds[key], final=False)
    charge.state = ChargeState.REVERSED
    assert listing_refunds(app, day) == [Kind.REVERSED_AT_GATEWAY] * 2, "of each row"
    check = CheckCharge(
        gateway="midtrans", charge_id=paid.charge_id, transaction_id=charge.transaction_id
    )
    assert [letter.message for letter in app.state.payments_lane] == [check] * 2


def test_a_refund_of_another_amount_is_named(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    app.refund(paid.order_id)
    pump.until_idle()
    refunds = app.state.charges[paid.charge_id].refunds
    [key] = refunds
    refunds[key] = replace(refunds[key], amount_idr=PRICE_IDR - 1)
    assert Kind.AMOUNT_DIFFERS in listing_refunds(app, day)


def payout_waiting(app: InMemoryApp, pump: MessagePump) -> Payout:
    """A payout whose response was lost."""
    order = app.buy("by account", method=Method.VIRTUAL_ACCOUNT)
    app.settle(order)
    pump.deliver()
    refund = app.refund(order.order_id)
    pump.deliver()

    def lose(moment: str, call: str) -> None:
        if (moment, call) == ("after", "Payouts.pay_out"):
            app.break_down()

    app.state.hook = lose
    app.claim(refund.refund_id)
    pump.deliver()
    app.state.hook = lambda *_: None
    [payout] = app.state.payouts.values()
    return payout


def test_a_payout_whose_response_was_lost_is_found_by_its_key(
    app: InMemoryApp, pump: MessagePump
) -> None:
    payout = payout_waiting(app, pump)
    day = today(app)
    app.ports.bank.complete(payout.reference)
    assert kinds(report(app, day, hours=25)) == [Kind.PAYOUT_UNKNOWN]
    assert [letter.group for letter in app.state.refunds_lane] == [BUYER]
    pump.deliver()
    [refund] = app.state.refunds.values()
    assert (refund.state, refund.payout_reference) == (RefundState.CONFIRMED, payout.reference)
    assert report(app, day, hours=27).differences == ()


def test_a_payout_that_bounced_unreported_opens_its_claim(
    app: InMemoryApp, pump: MessagePump
) -> None:
    payout = payout_waiting(app, pump)
    day = today(app)
    pump.until_idle()
    [refund] = app.state.refunds.values()
    assert refund.state is RefundState.CONFIRMED
    app.ports.bank.bounce(payout.reference)
    confirmed_at = refund.confirmed_at
    assert confirmed_at is not None
    app.state.day_reports.clear()
    app.state.now = the_morning_after(day)
    assert kinds(report(app, day)) == [Kind.PAYOUT_CAME_BACK]
    pump.deliver()
    [refund] = app.state.refunds.values()
    assert refund.state is RefundState.NEEDS_ACCOUNT


def test_payouts_that_we_requested_twice_or_never_are_left_to_an_operator(
    app: InMemoryApp, pump: MessagePump
) -> None:
    payout = payout_waiting(app, pump)
    day = today(app)
    refund_id, _, attempt = payout.key.rpartition("-")
    account = BankAccount("bca", "1", "Somebody")
    for number, key in enumerate(("salaries-1", f"{refund_id}-{int(attempt) + 1}")):
        reference = f"other-{number}"
        app.state.payouts[reference] = Payout(
            reference, key, account, payout.amount_idr, "", app.state.now, PayoutState.COMPLETED
        )
    found = report(app, day)
    assert sorted(kinds(found)) == [
        Kind.PAID_OUT_TWICE,
        Kind.PAYOUT_NOT_OURS,
        Kind.PAYOUT_UNKNOWN,
    ]
    assert "1" not in {one.theirs for one in found.differences}, "nor whose account it is"


def test_a_payout_for_something_else_is_not_looked_up(app: InMemoryApp) -> None:
    day = today(app)
    account = BankAccount("bca", "1", "Somebody")
    app.state.payouts["salaries"] = Payout(
        "salaries", "salaries-1", account, PRICE_IDR, "", app.state.now, PayoutState.COMPLETED
    )
    calls: list[str] = []
    app.state.hook = lambda _, call: calls.append(call)
    assert kinds(report(app, day)) == [Kind.PAYOUT_NOT_OURS]
    assert "Refunds.get" not in calls


def test_a_payout_of_another_amount_is_left_to_an_operator(
    app: InMemoryApp, pump: MessagePump
) -> None:
    payout = payout_waiting(app, pump)
    day = today(app)
    payout.amount_idr += 1
    [one] = report(app, day).differences
    assert (one.kind, one.ours) == (Kind.AMOUNT_DIFFERS, f"Rp{PRICE_IDR}")
    assert f"Rp{PRICE_IDR + 1}" in one.theirs
    assert not app.state.refunds_lane, "another request would show nothing else"


def test_a_refund_in_progress_of_a_payment_that_the_bank_reversed_is_checked(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    """The second payment of a charge: its refund waits at the gateway when the bank is faster."""
    day = today(app)
    again = app.ports.gateway.settle_again(paid.charge_id)
    app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    app.webhook(f"{paid.charge_id} {again.transaction_id}")
    pump.deliver()
    [refund] = app.state.refunds.values()
    assert refund.state is RefundState.SUBMITTED
    again.state = ChargeState.REVERSED
    assert kinds(report(app, day)) == [Kind.REVERSED_AT_GATEWAY]
    pump.deliver()
    assert app.state.refunds[refund.refund_id].state is RefundState.SUPERSEDED
    assert report(app, day, hours=27).differences == ()
