"""Which language an answer is in, and how values are written in it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.languages import Language, local_time, negotiate, number, span

ID, EN = Language


@pytest.mark.parametrize(
    ("accept_language", "language"),
    [
        (None, ID),
        ("", ID),
        ("*", ID),
        ("en", EN),
        ("EN-gb", EN),
        ("id", ID),
        ("in-ID", ID),
        ("de, fr;q=0.5", ID),
        ("de, en;q=0.1", EN),
        ("en-US,en;q=0.9,id;q=0.8", EN),
        ("id-ID,id;q=0.9,en-US;q=0.8,en;q=0.7", ID),
        ("id;q=0.5, en;q=0.8", EN),
        ("en;q=0.2, en-US;q=0.9, id;q=0.8", EN),
        ("en, id", EN),
        ("id, en", ID),
        ("id;q=0, *", EN),
        ("en;q=0, *", ID),
        ("en;q=0", ID),
        ("en;q=0, id;q=0", ID),
        ("en ; Q=0.5 , id;q=0.4", EN),
        ("english please; en;q=5", ID),
        ("enx", ID),
    ],
)
def test_a_request_is_answered_in_the_language_it_prefers(
    accept_language: str | None, language: Language
) -> None:
    assert negotiate(accept_language) is language


@given(st.text())
def test_no_header_is_an_error(accept_language: str) -> None:
    assert negotiate(accept_language) in Language


def test_times_and_numbers_are_written_as_the_language_writes_them() -> None:
    at = datetime(2026, 5, 31, 17, 5, 59, tzinfo=UTC)
    assert [local_time(at, one) for one in Language] == [
        "1 Juni 2026, 00.05 WIB",
        "1 June 2026, 00:05 WIB",
    ]
    spans = [timedelta(hours=24), timedelta(hours=47), timedelta(hours=48), timedelta(days=3)]
    assert [span(of, Language.INDONESIAN) for of in spans] == [
        "24 jam",
        "47 jam",
        "2 hari",
        "3 hari",
    ]
    assert span(spans[0], Language.ENGLISH) == "24 hours"
    assert span(spans[3], Language.ENGLISH) == "3 days"
    assert [number(20_000_001, one) for one in Language] == ["20.000.001", "20,000,001"]
