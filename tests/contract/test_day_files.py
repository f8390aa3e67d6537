"""A day's files: the report kept whole, and a gateway's record read line by line."""

from datetime import date, timedelta

import pytest

from meterai.aws import day_files
from meterai.aws.day_files import REPORTS, S3RecordFiles
from meterai.domain.day_reports import Compared, DayReport, begun
from meterai.domain.days import end_of
from meterai.domain.differences import Difference, Kind
from meterai.domain.errors import Unavailable
from tests.contract.goods import NOW
from tests.contract.places import AwsPlace, Place

DAY = date(2026, 11, 23)
DIFFERENCE = Difference(
    Kind.UNKNOWN_PAYMENT, "ord_A", "midtrans#tx-1", None, "settled, Rp24000", "no such payment"
)


def a_report() -> DayReport:
    until, compared = end_of(DAY) - timedelta(hours=1), Compared(1, 2, 3, 4, 5, 6)
    return begun(DAY, 1, NOW).with_window(until, compared, (DIFFERENCE,), NOW)


def test_a_report_is_read_as_it_was_put(place: Place) -> None:
    assert place.day_reports.get(DAY) is None
    place.day_reports.put(a_report())
    assert place.day_reports.get(DAY) == a_report()


def test_a_report_takes_the_place_of_the_one_before(place: Place) -> None:
    place.day_reports.put(begun(DAY, 1, NOW))
    place.day_reports.put(a_report())
    assert place.day_reports.get(DAY) == a_report()
    assert place.day_reports.get(DAY + timedelta(days=1)) is None


def test_beside_the_report_lies_a_page_that_can_be_opened(moto_place: AwsPlace) -> None:
    moto_place.day_reports.put(a_report())
    found = moto_place.clients.s3.get_object(
        Bucket=moto_place.documents.bucket, Key=f"{REPORTS}{DAY}.html"
    )
    assert found["ContentType"] == "text/html; charset=utf-8"
    assert b"unknown payment" in found["Body"].read()


def record_files(place: AwsPlace, content: bytes) -> S3RecordFiles:
    bucket = place.documents.bucket
    place.clients.s3.put_object(
        Bucket=bucket, Key="gateway-records/midtrans/2026-11-23.csv", Body=content
    )
    return S3RecordFiles(place.clients.s3, bucket)


def test_a_record_is_read_by_its_lines(moto_place: AwsPlace) -> None:
    files = record_files(moto_place, b"Order ID,Status\r\nord_A-1,settlement\r\n")
    lines = files.lines("midtrans/2026-11-23.csv")
    assert lines is not None
    assert list(lines) == ["Order ID,Status", "ord_A-1,settlement"]


def test_a_record_that_nobody_put_by_is_none(moto_place: AwsPlace) -> None:
    assert record_files(moto_place, b"").lines("midtrans/2026-11-24.csv") is None


def test_a_record_too_large_for_the_functions_memory_is_refused(
    moto_place: AwsPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(day_files, "LARGEST_RECORD_BYTES", 9)
    assert record_files(moto_place, b"9 bytes..").lines("midtrans/2026-11-23.csv") is not None
    with pytest.raises(Unavailable):
        record_files(moto_place, b"10 bytes..").lines("midtrans/2026-11-23.csv")
