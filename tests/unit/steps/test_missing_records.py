"""A gateway's record that is not there: waited for, said where it matters, in nobody's way."""

from datetime import timedelta

import pytest

from meterai.domain.differences import Kind
from meterai.domain.orders import Order
from tests.unit.steps.office import Office
from tests.unit.steps.reconciled import kinds, report, the_morning_after, today


def test_a_record_that_is_not_there_is_waited_for_a_week_and_said(
    office: Office, paid: Order, caplog: pytest.LogCaptureFixture
) -> None:
    office.ports.gateway.settle_again(paid.charge_id)
    day = today(office)
    office.world.days_without_records.add(day)
    assert report(office, day).missing == ("midtrans",)
    assert "records are missing" not in caplog.text
    waiting = report(office, day, hours=27)
    assert waiting.missing == ("midtrans",)
    later = report(office, day, hours=28)
    assert (later.missing, later.written_at) == (("midtrans",), the_morning_after(day, 28))
    assert "gateway records are missing" in caplog.text
    office.world.days_without_records.clear()
    found = report(office, day, hours=24 * 6)
    assert (found.is_finished, found.missing, kinds(found)) == (True, (), [Kind.UNKNOWN_PAYMENT])


def test_a_day_whose_record_is_not_there_holds_up_none_of_the_days_after_it(
    office: Office, paid: Order
) -> None:
    del paid
    day = today(office)
    office.world.days_without_records.add(day - timedelta(days=1))
    assert report(office, day).is_finished
    assert office.world.day_reports[day - timedelta(days=1)].missing == ("midtrans",)


def test_a_record_of_a_day_without_payments_of_ours_is_not_missed(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    day = today(office)
    office.world.days_without_records.add(day)
    assert report(office, day, hours=27).missing == ("midtrans",)
    assert "records are missing" not in caplog.text
