"""Reconciliation: what nobody told us of is put right, and what cannot be is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.day_reports import Compared
from meterai.domain.days import end_of
from meterai.domain.differences import Difference, Kind
from meterai.domain.errors import Unavailable
from meterai.domain.orders import Order, OrderState
from meterai.domain.payments import ChargeState, Method, Payment
from meterai.domain.refunds import RefundReason, RefundState
from meterai.domain.stampings import SerialState
from meterai.messages import ChargeIsUnclear
from meterai.steps.reconcile import reconcile
from tests.fakes.charges import Charge
from tests.unit.steps.office import BUYER, PRICE_IDR, Office
from tests.unit.steps.postman import Postman
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today

HOURS = timedelta(hours=1)


def test_a_day_on_which_all_agrees_has_no_differences(
    office: Office, postman: Postman, paid: Order
) -> None:
    office.upload()
    office.request(paid.order_id)
    postman.deliver()
    found = report(office, today(office))
    assert (found.is_finished, found.look, found.differences) == (True, 1, ())
    compared = found.compared
    assert (compared.rows, compared.payments, compared.orders, compared.emeterai) == (1, 1, 1, 1)
    assert compared.gateway_idr == compared.ours_idr == 2 * PRICE_IDR


def test_money_of_which_no_notice_came_is_found_and_served_or_goes_back(
    office: Office, postman: Postman, paid: Order
) -> None:
    """A second payment of one charge: the order's clock has stopped, its status says the first."""
    again = office.ports.gateway.settle_again(paid.charge_id)
    day = today(office)
    found = report(office, day)
    assert kinds(found) == [Kind.UNKNOWN_PAYMENT]
    assert found.open_differences == ()
    postman.until_quiet()
    [refund] = office.world.refunds.values()
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.CONFIRMED,
    )
    assert refund.transaction_id == again.transaction_id
    assert report(office, day, hours=27).differences == ()
    assert office.books().differences == ()


def test_a_day_is_looked_at_the_morning_after_and_once_more_a_day_later(
    office: Office, paid: Order
) -> None:
    del paid
    day = today(office)
    office.world.now = the_morning_after(day) - timedelta(seconds=1)
    office.reconcile()
    assert day not in office.world.day_reports
    assert report(office, day).look == 1
    assert office.reconcile() == 0
    assert report(office, day, hours=27).look == 2
    assert report(office, day, hours=100).written_at == the_morning_after(day, 27)


def test_what_did_not_put_itself_right_by_the_second_look_is_for_a_person(
    office: Office, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    office.ports.gateway.settle_again(paid.charge_id)
    day = today(office)
    report(office, day)
    assert "left differences open" not in caplog.text
    found = report(office, day, hours=27)
    assert [one.kind for one in found.open_differences] == [Kind.UNKNOWN_PAYMENT]
    [line] = [one for one in caplog.records if "left differences open" in one.message]
    said = {name: line.__dict__[name] for name in ("day", "look", "open", "unknown_payment")}
    assert said == {"day": str(day), "look": 2, "open": 1, "unknown_payment": 1}


def test_a_reversal_nobody_told_of_is_asked_about(
    office: Office, postman: Postman, paid: Order
) -> None:
    day = today(office)
    office.world.charges[paid.charge_id].state = ChargeState.REVERSED
    assert kinds(report(office, day)) == [Kind.REVERSED_AT_GATEWAY]
    postman.deliver()
    assert office.world.orders[paid.order_id].state is OrderState.REVERSED
    assert report(office, day, hours=27).differences == ()


def test_money_that_came_and_went_before_we_heard_of_it_is_nobodys_business(
    office: Office,
) -> None:
    day = today(office)
    order = office.buy()
    office.ports.gateway.settle(order.charge_id).state = ChargeState.REVERSED
    asked: list[str] = []
    office.world.hook = lambda moment, call: asked.append(f"{moment} {call}")
    assert report(office, day).differences == ()
    assert "before Gateway.status" not in asked


def test_a_payment_the_gateway_does_not_know_is_for_a_person(office: Office, paid: Order) -> None:
    day = today(office)
    del office.world.charges[paid.charge_id]
    found = report(office, day)
    assert kinds(found) == [Kind.MISSING_AT_GATEWAY]
    assert [one.payment_id for one in found.open_differences] == [paid.payment_id]
    assert not office.world.payments_lane


def test_one_the_gateway_lists_under_another_day_is_no_ones_business(
    office: Office, paid: Order
) -> None:
    day = today(office)
    charge = office.world.charges[paid.charge_id]
    assert charge.settled_at is not None
    charge.settled_at += timedelta(days=1)
    found = report(office, day)
    assert found.open_differences == ()
    says = f"settled, Rp{paid.amount_idr}"
    assert found.differences == (
        Difference(Kind.SETTLED_LATER, paid.order_id, paid.payment_id, None, says, "of this day"),
    )
    assert report(office, day, hours=27).open_differences == ()


def test_a_reversal_of_what_another_day_lists_is_asked_about_all_the_same(
    office: Office, postman: Postman, paid: Order
) -> None:
    """Only the payment's own fact says then which charge to ask for."""
    day = today(office)
    charge = office.world.charges[paid.charge_id]
    charge.state, charge.settled_at = ChargeState.REVERSED, None
    assert kinds(report(office, day)) == [Kind.REVERSED_AT_GATEWAY]
    [letter] = office.world.payments_lane
    assert letter.message == ChargeIsUnclear(
        gateway="midtrans", charge_id=paid.charge_id, transaction_id=charge.transaction_id
    )
    postman.deliver()
    assert office.world.orders[paid.order_id].state is OrderState.REVERSED


def test_amounts_that_differ_are_named_with_both(office: Office, paid: Order) -> None:
    day = today(office)
    office.world.charges[paid.charge_id].amount_idr = 2 * PRICE_IDR + 1
    [one] = report(office, day).differences
    assert (one.kind, one.ours) == (Kind.AMOUNT_DIFFERS, f"Rp{2 * PRICE_IDR}")
    assert f"Rp{2 * PRICE_IDR + 1}" in one.theirs


def test_an_amount_that_cannot_be_read_is_named_and_counts_for_nothing(
    office: Office, paid: Order
) -> None:
    day = today(office)
    office.world.charges[paid.charge_id].amount_idr = None
    found = report(office, day)
    assert kinds(found) == [Kind.AMOUNT_DIFFERS]
    assert (found.compared.gateway_idr, found.compared.ours_idr) == (0, paid.amount_idr)


def test_money_for_no_order_of_ours_is_for_a_person(office: Office) -> None:
    day = today(office)
    office.world.charges["another"] = Charge(
        "another-shop-1",
        "tx-another",
        9_000,
        Method.QRIS,
        office.world.now,
        state=ChargeState.SETTLED,
        settled_at=office.world.now,
    )
    found = report(office, day)
    assert kinds(found) == [Kind.NOT_OURS]
    assert found.compared == Compared(rows=1, gateway_idr=9_000)


def test_a_fact_that_pays_nothing_is_asked_about(
    office: Office, postman: Postman, paid: Order
) -> None:
    """Its worker ended between the fact and what was to follow."""
    day = today(office)
    again = office.ports.gateway.settle_again(paid.charge_id)
    name = f"midtrans#{again.transaction_id}"
    first = office.world.payments[paid.order_id, paid.payment_id or ""]
    office.world.payments[paid.order_id, name] = replace(first, payment_id=name)
    assert kinds(report(office, day)) == [Kind.UNPLACED_PAYMENT, Kind.BOOKS_DO_NOT_BALANCE]
    postman.until_quiet()
    assert report(office, day, hours=27).differences == ()


def test_stamped_emeterai_that_nobody_paid_for_are_named(
    office: Office, postman: Postman, paid: Order
) -> None:
    day = today(office)
    office.upload()
    first = office.request(paid.order_id)
    postman.deliver()
    assert office.world.serials[first.serial].state is SerialState.STAMPED
    standing = office.world.orders[paid.order_id]
    office.world.orders[paid.order_id] = replace(standing, payment_id="midtrans#another")
    assert Kind.SERIAL_WITHOUT_PAYMENT in kinds(report(office, day))


def test_slots_that_do_not_add_up_are_named(office: Office, postman: Postman, paid: Order) -> None:
    day = today(office)
    office.upload()
    first = office.request(paid.order_id)
    postman.deliver()
    del office.world.serials[first.serial]
    [one] = report(office, day).differences
    assert (one.kind, one.ours) == (Kind.SLOTS_DO_NOT_ADD_UP, "2 sold, 1 accounted for")


def test_an_order_that_moved_while_it_was_read_is_read_again(
    office: Office, postman: Postman, paid: Order
) -> None:
    day = today(office)
    office.upload()
    first = office.request(paid.order_id)
    postman.deliver()
    stamped = office.world.serials.pop(first.serial)

    def come_back(moment: str, call: str) -> None:
        if (moment, call) == ("after", "Serials.get_many"):
            office.world.serials[first.serial] = stamped

    office.world.hook = come_back
    assert report(office, day).differences == ()


def test_it_goes_on_where_it_was_cut_off_and_nothing_is_told_twice(
    office: Office, paid: Order
) -> None:
    day = today(office)
    for hours in (1, 9, 17):  # one in each window
        again = office.ports.gateway.settle_again(paid.charge_id)
        del office.world.charges[again.transaction_id]
        again.transaction_id += str(hours)
        again.settled_at = end_of(day) - timedelta(days=1) + hours * HOURS
        office.world.charges[again.transaction_id] = again
    office.world.now = the_morning_after(day)
    compared = [
        reconcile(replace(office.reconciling, has_time=iter([True] + [False] * 9).__next__))
        for _ in range(7)
    ]
    assert compared == [1, 1, 1, 1, 1, 1, 0], "three windows of this day, three of the one before"
    found = office.world.day_reports[day]
    assert found.is_finished
    assert kinds(found) == [Kind.UNKNOWN_PAYMENT] * 3


@pytest.mark.parametrize("on_record", [True, False])
def test_in_the_rush_hour_windows_are_shorter_and_nothing_is_left_out(
    office: Office, postman: Postman, *, on_record: bool
) -> None:
    day, begins = today(office), office.world.now
    for number in range(9):
        office.settle(office.buy(f"order {number}"))
        office.world.now = begins + number * timedelta(minutes=1)
    postman.deliver()
    if not on_record:
        office.world.charges.clear()
    office.world.now = the_morning_after(day)
    windows = reconcile(replace(office.reconciling, most_at_once=2))
    found = office.world.day_reports[day]
    assert found.is_finished
    assert (found.compared.rows, found.compared.payments) == (9 if on_record else 0, 9)
    assert kinds(found) == ([] if on_record else [Kind.MISSING_AT_GATEWAY] * 9)
    assert windows > 10, "three windows for the day before, and as many as are needed for this"


def test_many_payments_of_one_second_are_compared_at_once(office: Office, postman: Postman) -> None:
    day = today(office)
    for number in range(5):
        office.settle(office.buy(f"order {number}"))
    postman.deliver()
    office.world.now = the_morning_after(day)
    reconcile(replace(office.reconciling, most_at_once=2))
    assert office.world.day_reports[day].compared.payments == 5


def test_a_gateway_that_does_not_answer_leaves_the_report_as_it_was(
    office: Office, paid: Order
) -> None:
    day = today(office)
    office.ports.gateway.settle_again(paid.charge_id)
    office.world.now = the_morning_after(day)

    def be_away(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Gateway.status"):
            office.break_down()

    office.world.hook = be_away
    with pytest.raises(Unavailable):
        office.reconcile()
    office.world.hook = lambda *_: None
    assert not office.world.day_reports[day].is_finished
    assert kinds(report(office, day)) == [Kind.UNKNOWN_PAYMENT]


def test_days_before_the_office_began_are_left_alone(office: Office, paid: Order) -> None:
    del paid
    day = today(office)
    office.world.now = the_morning_after(day, 24 * 3)
    office.reconcile()
    assert day not in office.world.day_reports


def test_a_payment_of_a_gateway_that_is_not_reconciled_is_left_to_its_own(
    office: Office, paid: Order
) -> None:
    day = today(office)
    other = Payment(
        "xendit#pr-1",
        "xendit",
        paid.charge_id,
        paid.order_id,
        BUYER,
        1,
        office.world.now,
        office.world.now,
    )
    office.world.payments[paid.order_id, other.payment_id] = other
    assert Kind.MISSING_AT_GATEWAY not in kinds(report(office, day))
