"""A gateway's missing record: waited for, reported where it matters, no obstacle to others."""

from datetime import timedelta

from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order
from meterai.domain.reconciliation.discrepancies import Kind
from tests.unit.steps.in_memory_app import InMemoryApp
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today


def test_a_missing_record_is_waited_for_a_week_and_counted(app: InMemoryApp, paid: Order) -> None:
    app.ports.gateway.settle_again(paid.charge_id)
    day = today(app)
    app.state.days_without_records.add(day)
    assert report(app, day).missing == ("midtrans",)
    assert app.ports.metrics.recorded == []
    waiting = report(app, day, hours=27)
    assert waiting.missing == ("midtrans",)
    later = report(app, day, hours=28)
    assert (later.missing, later.written_at) == (("midtrans",), the_morning_after(day, 28))
    assert app.ports.metrics.recorded == [(Metric.RECONCILIATION_OPEN, 1)] * 2
    app.state.days_without_records.clear()
    found = report(app, day, hours=24 * 6)
    assert (found.is_finished, found.missing, kinds(found)) == (True, (), [Kind.UNKNOWN_PAYMENT])


def test_a_day_whose_record_is_missing_does_not_delay_the_days_after_it(
    app: InMemoryApp, paid: Order
) -> None:
    del paid
    day = today(app)
    app.state.days_without_records.add(day - timedelta(days=1))
    assert report(app, day).is_finished
    assert app.state.day_reports[day - timedelta(days=1)].missing == ("midtrans",)


def test_a_record_of_a_day_without_our_payments_is_not_needed(app: InMemoryApp) -> None:
    day = today(app)
    app.state.days_without_records.add(day)
    assert report(app, day, hours=27).missing == ("midtrans",)
    assert app.ports.metrics.recorded == []
