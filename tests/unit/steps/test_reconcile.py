"""Reconciliation: what no webhook reported is corrected, and what cannot be corrected is named."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.days import end_of
from meterai.domain.errors import Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import ChargeState, Method, Payment
from meterai.domain.reconciliation.day_reports import Compared
from meterai.domain.reconciliation.discrepancies import Discrepancy, Kind
from meterai.domain.refunds.refunds import RefundReason, RefundState
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.messages import CheckCharge
from meterai.steps.reconcile import reconcile
from tests.fakes.charges import Charge
from tests.fakes.ports import PRICE_IDR
from tests.unit.steps.in_memory_app import BUYER, WINDOW, InMemoryApp
from tests.unit.steps.message_pump import MessagePump
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today

HOURS = timedelta(hours=1)


def stamp_one(app: InMemoryApp, pump: MessagePump, order: Order) -> EMeterai:
    app.upload()
    first = app.request(order.order_id)
    pump.deliver()
    return first


def test_a_day_on_which_all_agrees_has_no_differences(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    app.upload()
    app.request(paid.order_id)
    pump.deliver()
    found = report(app, today(app))
    assert (found.is_finished, found.look, found.differences) == (True, 1, ())
    compared = found.compared
    assert (compared.rows, compared.payments, compared.orders, compared.emeterai) == (1, 1, 1, 1)
    assert compared.gateway_idr == compared.ours_idr == 2 * PRICE_IDR


def test_a_payment_without_a_webhook_is_found_and_used_or_refunded(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    """Of one charge's two payments, its status names the first; the order's timer has stopped."""
    again = app.ports.gateway.settle_again(paid.charge_id)
    day = today(app)
    found = report(app, day)
    assert kinds(found) == [Kind.UNKNOWN_PAYMENT]
    assert found.open_discrepancies == ()
    pump.until_idle()
    [refund] = app.state.refunds.values()
    assert (refund.reason, refund.state) == (
        RefundReason.DUPLICATE_PAYMENT,
        RefundState.CONFIRMED,
    )
    assert refund.transaction_id == again.transaction_id
    assert report(app, day, hours=27).differences == ()
    assert app.ledger().differences == ()


def test_a_day_is_reconciled_the_morning_after_and_again_a_day_later(
    app: InMemoryApp, paid: Order
) -> None:
    del paid
    day = today(app)
    app.state.now = the_morning_after(day) - timedelta(seconds=1)
    app.reconcile()
    assert day not in app.state.day_reports
    assert report(app, day).look == 1
    assert app.reconcile() == 0
    assert report(app, day, hours=27).look == 2
    assert report(app, day, hours=100).written_at == the_morning_after(day, 27)


def test_what_is_not_corrected_by_the_second_run_is_left_to_an_operator(
    app: InMemoryApp, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    app.ports.gateway.settle_again(paid.charge_id)
    day = today(app)
    report(app, day)
    assert app.ports.metrics.recorded == []
    found = report(app, day, hours=27)
    assert [one.kind for one in found.open_discrepancies] == [Kind.UNKNOWN_PAYMENT]
    assert app.ports.metrics.recorded == [(Metric.RECONCILIATION_OPEN, 1)]
    [line] = [one for one in caplog.records if "left differences open" in one.message]
    logged = {name: line.__dict__[name] for name in ("day", "look", "open", "unknown_payment")}
    assert logged == {"day": str(day), "look": 2, "open": 1, "unknown_payment": 1}


def test_a_reversal_without_a_webhook_is_checked(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    app.state.charges[paid.charge_id].state = ChargeState.REVERSED
    assert kinds(report(app, day)) == [Kind.REVERSED_AT_GATEWAY]
    pump.deliver()
    assert app.state.orders[paid.order_id].state is OrderState.REVERSED
    assert report(app, day, hours=27).differences == ()


def test_money_that_came_and_was_reversed_unseen_is_no_discrepancy(
    app: InMemoryApp,
) -> None:
    day = today(app)
    order = app.buy()
    app.ports.gateway.settle(order.charge_id).state = ChargeState.REVERSED
    calls: list[str] = []
    app.state.hook = lambda moment, call: calls.append(f"{moment} {call}")
    assert report(app, day).differences == ()
    assert "before Gateway.status" not in calls


def test_a_payment_that_the_gateway_does_not_know_is_left_to_an_operator(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    del app.state.charges[paid.charge_id]
    found = report(app, day)
    assert kinds(found) == [Kind.MISSING_AT_GATEWAY]
    assert [one.payment_id for one in found.open_discrepancies] == [paid.payment_id]
    assert not app.state.payments_lane


def test_a_payment_that_the_gateway_lists_under_another_day_is_left_alone(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    charge = app.state.charges[paid.charge_id]
    assert charge.settled_at is not None
    charge.settled_at += timedelta(days=1)
    found = report(app, day)
    assert found.open_discrepancies == ()
    says = f"settled, Rp{paid.amount_idr}"
    assert found.differences == (
        Discrepancy(Kind.SETTLED_LATER, paid.order_id, paid.payment_id, None, says, "of this day"),
    )
    assert report(app, day, hours=27).open_discrepancies == ()


def test_a_reversal_of_a_payment_listed_under_another_day_is_checked_all_the_same(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    """Only the recorded payment then says which charge to check."""
    day = today(app)
    charge = app.state.charges[paid.charge_id]
    charge.state, charge.settled_at = ChargeState.REVERSED, None
    assert kinds(report(app, day)) == [Kind.REVERSED_AT_GATEWAY]
    [letter] = app.state.payments_lane
    assert letter.message == CheckCharge(
        gateway="midtrans", charge_id=paid.charge_id, transaction_id=charge.transaction_id
    )
    pump.deliver()
    assert app.state.orders[paid.order_id].state is OrderState.REVERSED


def test_amounts_that_differ_are_named_with_both(app: InMemoryApp, paid: Order) -> None:
    day = today(app)
    app.state.charges[paid.charge_id].amount_idr = 2 * PRICE_IDR + 1
    [one] = report(app, day).differences
    assert (one.kind, one.ours) == (Kind.AMOUNT_DIFFERS, f"Rp{2 * PRICE_IDR}")
    assert f"Rp{2 * PRICE_IDR + 1}" in one.theirs


def test_an_unreadable_amount_is_named_and_counts_for_nothing(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    app.state.charges[paid.charge_id].amount_idr = None
    found = report(app, day)
    assert kinds(found) == [Kind.AMOUNT_DIFFERS]
    assert (found.compared.gateway_idr, found.compared.ours_idr) == (0, paid.amount_idr)


def test_a_payment_for_an_unknown_order_is_left_to_an_operator(app: InMemoryApp) -> None:
    day = today(app)
    app.state.charges["another"] = Charge(
        "another-shop-1",
        "tx-another",
        9_000,
        Method.QRIS,
        app.state.now,
        state=ChargeState.SETTLED,
        settled_at=app.state.now,
    )
    found = report(app, day)
    assert kinds(found) == [Kind.NOT_OURS]
    assert found.compared == Compared(rows=1, gateway_idr=9_000)


def test_a_recorded_payment_that_pays_nothing_is_checked(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    """Its worker ended between the payment and what was to follow."""
    day = today(app)
    again = app.ports.gateway.settle_again(paid.charge_id)
    name = f"midtrans#{again.transaction_id}"
    first = app.state.payments[paid.order_id, paid.payment_id or ""]
    app.state.payments[paid.order_id, name] = replace(first, payment_id=name)
    assert kinds(report(app, day)) == [Kind.UNPLACED_PAYMENT, Kind.BOOKS_DO_NOT_BALANCE]
    pump.until_idle()
    assert report(app, day, hours=27).differences == ()


def test_stamped_emeterai_without_a_payment_are_named(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    first = stamp_one(app, pump, paid)
    assert app.state.serials[first.serial].state is SerialState.STAMPED
    stored = app.state.orders[paid.order_id]
    app.state.orders[paid.order_id] = replace(stored, payment_id="midtrans#another")
    assert Kind.SERIAL_WITHOUT_PAYMENT in kinds(report(app, day))


def test_slots_that_do_not_add_up_are_named(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    first = stamp_one(app, pump, paid)
    del app.state.serials[first.serial]
    [one] = report(app, day).differences
    assert (one.kind, one.ours) == (Kind.SLOTS_DO_NOT_ADD_UP, "2 sold, 1 accounted for")


def test_an_order_that_changed_while_it_was_read_is_read_again(
    app: InMemoryApp, pump: MessagePump, paid: Order
) -> None:
    day = today(app)
    first = stamp_one(app, pump, paid)
    stamped = app.state.serials.pop(first.serial)

    def come_back(moment: str, call: str) -> None:
        if (moment, call) == ("after", "Serials.get_many"):
            app.state.serials[first.serial] = stamped

    app.state.hook = come_back
    assert report(app, day).differences == ()


def test_reconciling_resumes_where_it_was_interrupted_and_reports_nothing_twice(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    for hours in (1, 9, 17):  # one in each window
        again = app.ports.gateway.settle_again(paid.charge_id)
        del app.state.charges[again.transaction_id]
        again.transaction_id += str(hours)
        again.settled_at = end_of(day) - timedelta(days=1) + hours * HOURS
        app.state.charges[again.transaction_id] = again
    app.state.now = the_morning_after(day)
    compared = [
        reconcile(app.ports, app.now, has_time=iter([True] + [False] * 9).__next__, window=WINDOW)
        for _ in range(7)
    ]
    assert compared == [1, 1, 1, 1, 1, 1, 0], "three windows of this day, three of the one before"
    found = app.state.day_reports[day]
    assert found.is_finished
    assert kinds(found) == [Kind.UNKNOWN_PAYMENT] * 3


@pytest.mark.parametrize("on_record", [True, False])
def test_in_the_rush_hour_windows_are_shorter_and_nothing_is_left_out(
    app: InMemoryApp, pump: MessagePump, *, on_record: bool
) -> None:
    day, begins = today(app), app.state.now
    for number in range(9):
        app.settle(app.buy(by=f"buyer {number}"))
        app.state.now = begins + number * timedelta(minutes=1)
    pump.deliver()
    if not on_record:
        app.state.charges.clear()
    app.state.now = the_morning_after(day)
    windows = reconcile(app.ports, app.now, has_time=lambda: True, window=WINDOW, max_at_once=2)
    found = app.state.day_reports[day]
    assert found.is_finished
    assert (found.compared.rows, found.compared.payments) == (9 if on_record else 0, 9)
    assert kinds(found) == ([] if on_record else [Kind.MISSING_AT_GATEWAY] * 9)
    assert windows > 10, "three windows for the day before, and as many as are needed for this"


def test_many_payments_of_one_second_are_compared_at_once(
    app: InMemoryApp, pump: MessagePump
) -> None:
    day = today(app)
    for number in range(5):
        app.settle(app.buy(f"order {number}"))
    pump.deliver()
    app.state.now = the_morning_after(day)
    reconcile(app.ports, app.now, has_time=lambda: True, window=WINDOW, max_at_once=2)
    assert app.state.day_reports[day].compared.payments == 5


def test_a_gateway_that_does_not_answer_leaves_the_report_as_it_was(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    app.ports.gateway.settle_again(paid.charge_id)
    app.state.now = the_morning_after(day)

    def be_unreachable(moment: str, call: str) -> None:
        if (moment, call) == ("before", "Gateway.status"):
            app.break_down()

    app.state.hook = be_unreachable
    with pytest.raises(Unavailable):
        app.reconcile()
    app.state.hook = lambda *_: None
    assert not app.state.day_reports[day].is_finished
    assert kinds(report(app, day)) == [Kind.UNKNOWN_PAYMENT]


def test_days_before_the_first_report_are_left_alone(app: InMemoryApp, paid: Order) -> None:
    del paid
    day = today(app)
    app.state.now = the_morning_after(day, 24 * 3)
    app.reconcile()
    assert day not in app.state.day_reports


def test_a_payment_of_a_gateway_that_is_not_reconciled_is_left_to_its_own(
    app: InMemoryApp, paid: Order
) -> None:
    day = today(app)
    other = Payment(
        "xendit#pr-1",
        "xendit",
        paid.charge_id,
        paid.order_id,
        BUYER,
        1,
        app.state.now,
        app.state.now,
    )
    app.state.payments[paid.order_id, other.payment_id] = other
    assert Kind.MISSING_AT_GATEWAY not in kinds(report(app, day))
