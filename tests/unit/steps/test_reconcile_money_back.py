"""Reconciliation of what goes back: refunds and payouts, as the gateway has them and as we do."""

from dataclasses import replace
from datetime import date

import pytest

from meterai.domain.differences import Kind
from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState, Method, RefundOutcome, RefundStatus
from meterai.domain.payouts import BankAccount, PayoutState
from meterai.domain.refunds import RefundState
from meterai.messages import ChargeIsUnclear
from meterai.steps.reconcile import reconcile
from tests.fakes.charges import Payout
from tests.fakes.records import MemoryRecords
from tests.unit.steps.office import BUYER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today


def test_a_refund_that_the_gateway_has_made_and_we_did_not_ask_for_is_named(
    office: Office, paid: Order
) -> None:
    day = today(office)
    charge = office.world.charges[paid.charge_id]
    charge.refunds["by-hand"] = RefundStatus("by-hand", PRICE_IDR, final=True)
    charge.state = ChargeState.REFUNDED
    assert kinds(report(office, day)) == [Kind.REFUND_UNKNOWN]


@pytest.mark.parametrize("told", ["final", "not final", "not at all"])
def test_a_refund_we_call_done_must_be_done_at_the_gateway(
    office: Office, postman: Postman, paid: Order, told: str
) -> None:
    day = today(office)
    refund = office.refund(paid.order_id)
    postman.until_quiet()
    charge = office.world.charges[paid.charge_id]
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    if told == "not at all":
        charge.refunds.clear()
        charge.state = ChargeState.SETTLED
    elif told == "not final":
        [key] = charge.refunds
        charge.refunds[key] = replace(charge.refunds[key], final=False)
        charge.state = ChargeState.SETTLED
    wanted = [] if told == "final" else [Kind.REFUND_NOT_EXECUTED]
    assert kinds(report(office, day)) == wanted


def listing_refunds(office: Office, day: date) -> list[Kind]:
    """Reconciled with a gateway that lists refunds by themselves."""
    office.world.now = the_morning_after(day)
    records = {"midtrans": MemoryRecords(office.world, lists_refunds=True)}
    reconcile(replace(office.reconciling, records=records))
    return kinds(office.world.day_reports[day])


def test_a_refund_that_the_bank_confirmed_unheard_asks(
    office: Office, postman: Postman, paid: Order
) -> None:
    day = today(office)
    refund = office.refund(paid.order_id)
    postman.deliver()
    assert listing_refunds(office, day) == []
    office.world.day_reports.clear()
    office.ports.gateway.confirm_refund(paid.charge_id, f"{refund.refund_id}-1")
    assert listing_refunds(office, day) == [Kind.REFUND_UNCONFIRMED]
    assert [letter.group for letter in office.world.refunds_lane] == [BUYER]
    postman.deliver()
    assert office.world.refunds[refund.refund_id].state is RefundState.CONFIRMED
    office.world.day_reports.clear()
    assert listing_refunds(office, day) == []


def test_a_refund_on_the_list_that_we_did_not_ask_for_is_named(office: Office, paid: Order) -> None:
    day = today(office)
    by_hand = RefundStatus("by-hand", PRICE_IDR, final=True)
    office.world.charges[paid.charge_id].refunds["by-hand"] = by_hand
    assert listing_refunds(office, day) == [Kind.REFUND_UNKNOWN]
    assert office.world.day_reports[day].compared.rows == 2, "the payment's, and the refund's"


def test_a_refund_on_the_list_of_money_that_the_bank_took_first_asks_about_that_charge(
    office: Office, postman: Postman, paid: Order
) -> None:
    day = today(office)
    office.refund(paid.order_id)
    postman.until_quiet()
    charge = office.world.charges[paid.charge_id]
    [key] = charge.refunds
    charge.refunds[key] = replace(charge.refunds[key], final=False)
    charge.state = ChargeState.REVERSED
    assert listing_refunds(office, day) == [Kind.REVERSED_AT_GATEWAY] * 2, "of each row"
    asked = ChargeIsUnclear(
        gateway="midtrans", charge_id=paid.charge_id, transaction_id=charge.transaction_id
    )
    assert [letter.message for letter in office.world.payments_lane] == [asked] * 2


def test_a_refund_of_another_amount_is_named(office: Office, postman: Postman, paid: Order) -> None:
    day = today(office)
    office.refund(paid.order_id)
    postman.until_quiet()
    refunds = office.world.charges[paid.charge_id].refunds
    [key] = refunds
    refunds[key] = replace(refunds[key], amount_idr=PRICE_IDR - 1)
    assert Kind.AMOUNT_DIFFERS in listing_refunds(office, day)


def payout_waiting(office: Office, postman: Postman) -> Payout:
    """One whose answer was lost."""
    order = office.buy("by account", method=Method.VIRTUAL_ACCOUNT)
    office.settle(order)
    postman.deliver()
    refund = office.refund(order.order_id)
    postman.deliver()

    def lose(moment: str, call: str) -> None:
        if (moment, call) == ("after", "Payouts.pay_out"):
            office.break_down()

    office.world.hook = lose
    office.claim(refund.refund_id)
    postman.deliver()
    office.world.hook = lambda *_: None
    [payout] = office.world.payouts.values()
    return payout


def test_a_payout_whose_answer_was_lost_is_found_by_its_key(
    office: Office, postman: Postman
) -> None:
    payout = payout_waiting(office, postman)
    day = today(office)
    office.ports.payouts.complete(payout.reference)
    assert kinds(report(office, day, hours=25)) == [Kind.PAYOUT_UNKNOWN]
    assert [letter.group for letter in office.world.refunds_lane] == [BUYER]
    postman.deliver()
    [refund] = office.world.refunds.values()
    assert (refund.state, refund.payout_reference) == (RefundState.CONFIRMED, payout.reference)
    assert report(office, day, hours=27).differences == ()


def test_a_payout_that_came_back_unheard_opens_its_claim(office: Office, postman: Postman) -> None:
    payout = payout_waiting(office, postman)
    day = today(office)
    postman.until_quiet()
    [refund] = office.world.refunds.values()
    assert refund.state is RefundState.CONFIRMED
    office.ports.payouts.bounce(payout.reference)
    confirmed_at = refund.confirmed_at
    assert confirmed_at is not None
    office.world.day_reports.clear()
    office.world.now = the_morning_after(day)
    assert kinds(report(office, day)) == [Kind.PAYOUT_CAME_BACK]
    postman.deliver()
    [refund] = office.world.refunds.values()
    assert refund.state is RefundState.NEEDS_ACCOUNT


def test_payouts_that_we_did_not_ask_for_or_twice_are_for_a_person(
    office: Office, postman: Postman
) -> None:
    payout = payout_waiting(office, postman)
    day = today(office)
    refund_id, _, attempt = payout.key.rpartition("-")
    account = BankAccount("bca", "1", "Somebody")
    for number, key in enumerate(("salaries-1", f"{refund_id}-{int(attempt) + 1}")):
        reference = f"other-{number}"
        office.world.payouts[reference] = Payout(
            reference, key, account, payout.amount_idr, "", office.world.now, PayoutState.COMPLETED
        )
    found = report(office, day)
    assert sorted(kinds(found)) == [
        Kind.PAID_OUT_TWICE,
        Kind.PAYOUT_NOT_OURS,
        Kind.PAYOUT_UNKNOWN,
    ]
    assert "1" not in {one.theirs for one in found.differences}, "nor whose account it is"


def test_a_payout_for_something_else_is_looked_up_nowhere(office: Office) -> None:
    day = today(office)
    account = BankAccount("bca", "1", "Somebody")
    office.world.payouts["salaries"] = Payout(
        "salaries", "salaries-1", account, PRICE_IDR, "", office.world.now, PayoutState.COMPLETED
    )
    asked: list[str] = []
    office.world.hook = lambda _, call: asked.append(call)
    assert kinds(report(office, day)) == [Kind.PAYOUT_NOT_OURS]
    assert "Refunds.get" not in asked


def test_a_payout_of_another_amount_is_for_a_person(office: Office, postman: Postman) -> None:
    payout = payout_waiting(office, postman)
    day = today(office)
    payout.amount_idr += 1
    [one] = report(office, day).differences
    assert (one.kind, one.ours) == (Kind.AMOUNT_DIFFERS, f"Rp{PRICE_IDR}")
    assert f"Rp{PRICE_IDR + 1}" in one.theirs
    assert not office.world.refunds_lane, "asking again would tell nothing else"


def test_money_on_its_way_back_that_the_bank_took_first_is_asked_about(
    office: Office, postman: Postman, paid: Order
) -> None:
    """The second payment of a charge: its refund waits at the gateway when the bank is faster."""
    day = today(office)
    again = office.ports.gateway.settle_again(paid.charge_id)
    office.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.UNCLEAR
    office.notice(f"{paid.charge_id} {again.transaction_id}")
    postman.deliver()
    [refund] = office.world.refunds.values()
    assert refund.state is RefundState.SUBMITTED
    again.state = ChargeState.REVERSED
    assert kinds(report(office, day)) == [Kind.REVERSED_AT_GATEWAY]
    postman.deliver()
    assert office.world.refunds[refund.refund_id].state is RefundState.SUPERSEDED
    assert report(office, day, hours=27).differences == ()
