"""A day's files: the reconciliation report as a whole, and a gateway's record line by line."""

from datetime import date, timedelta

import pytest

from meterai.aws.storage import daily_files
from meterai.aws.storage.daily_files import REPORTS, S3RecordFiles
from meterai.domain.days import end_of
from meterai.domain.errors import Unavailable
from meterai.domain.reconciliation.day_reports import Compared, DayReport, begun
from meterai.domain.reconciliation.discrepancies import Discrepancy, Kind
from meterai.domain.reconciliation.performance import (
    NO_WAITS,
    Performance,
    PublicDay,
    RefundResult,
)
from meterai.domain.refunds.refunds import RefundReason
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import NOW

DAY = date(2026, 11, 23)
DIFFERENCE = Discrepancy(
    Kind.UNKNOWN_PAYMENT, "ord_A", "midtrans#tx-1", None, "settled, Rp24000", "no such payment"
)


def a_report() -> DayReport:
    until, compared = end_of(DAY) - timedelta(hours=1), Compared(1, 2, 3, 4, 5, 6)
    served = Performance(2, 1, 1, 0, NO_WAITS, {RefundResult.KEPT: 1})
    return begun(DAY, 1, NOW).with_window(until, compared, (DIFFERENCE,), NOW, served)


def test_a_report_is_read_as_it_was_put(backend: Backend) -> None:
    assert backend.day_reports.get(DAY) is None
    backend.day_reports.put(a_report())
    assert backend.day_reports.get(DAY) == a_report()


def test_a_report_replaces_the_one_before(backend: Backend) -> None:
    backend.day_reports.put(begun(DAY, 1, NOW))
    backend.day_reports.put(a_report())
    assert backend.day_reports.get(DAY) == a_report()
    assert backend.day_reports.get(DAY + timedelta(days=1)) is None


def test_an_html_page_of_the_report_is_stored_beside_it(moto_backend: AwsBackend) -> None:
    moto_backend.day_reports.put(a_report())
    found = moto_backend.clients.s3.get_object(
        Bucket=moto_backend.documents.bucket, Key=f"{REPORTS}{DAY}.html"
    )
    assert found["ContentType"] == "text/html; charset=utf-8"
    assert b"unknown payment" in found["Body"].read()


def test_the_public_days_are_read_as_they_were_put(backend: Backend) -> None:
    assert backend.public_days.get() == ()
    waits = (0, 2, *NO_WAITS[2:])
    refunds, given_back = {RefundResult.LATE: 1}, {RefundReason.NOT_EXECUTED: 3}
    served = Performance(4, 3, 2, 1, waits, refunds, given_back)
    days = (PublicDay(DAY, 2, NOW, served, 1), PublicDay(DAY, 1, NOW, Performance(), 0))
    backend.public_days.put(days[:1])
    backend.public_days.put(days)
    assert backend.public_days.get() == backend.public_days.recent() == days


def test_pages_read_the_public_days_once_a_minute(moto_backend: AwsBackend) -> None:
    days = moto_backend.public_days
    assert days.recent() == ()
    first = (PublicDay(DAY, 1, NOW, Performance(), 0),)
    days.put(first)
    assert days.recent() == first, "the first figures are shown at once"
    days.put(())
    assert (days.recent(), days.get()) == (first, ())


def record_files(backend: AwsBackend, content: bytes) -> S3RecordFiles:
    bucket = backend.documents.bucket
    backend.clients.s3.put_object(
        Bucket=bucket, Key="gateway-records/midtrans/2026-11-23.csv", Body=content
    )
    return S3RecordFiles(backend.clients.s3, bucket)


def test_a_record_is_read_line_by_line(moto_backend: AwsBackend) -> None:
    files = record_files(moto_backend, b"Order ID,Status\r\nord_A-1,settlement\r\n")
    lines = files.lines("midtrans/2026-11-23.csv")
    assert lines is not None
    assert list(lines) == ["Order ID,Status", "ord_A-1,settlement"]


def test_a_missing_record_is_none(moto_backend: AwsBackend) -> None:
    assert record_files(moto_backend, b"").lines("midtrans/2026-11-24.csv") is None


def test_a_record_too_large_for_the_functions_memory_is_refused(
    moto_backend: AwsBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(daily_files, "MAX_RECORD_BYTES", 9)
    assert record_files(moto_backend, b"9 bytes..").lines("midtrans/2026-11-23.csv") is not None
    with pytest.raises(Unavailable):
        record_files(moto_backend, b"10 bytes..").lines("midtrans/2026-11-23.csv")
