"""The page of performance: empty, one day, thirty days, days that are missing; and its JSON."""

import gzip
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.days import day_of
from meterai.domain.errors import Unavailable
from meterai.domain.reconciliation.performance import (
    NO_WAITS,
    WAIT_BOUNDS_S,
    Performance,
    PublicDay,
    RefundResult,
)
from meterai.domain.refunds.refunds import RefundReason
from tests.unit.pages.browser import Browser

MAX_BYTES = 40_000
WAITS = (0, 0, 900, 80, 0, 0, 15, *NO_WAITS[7:-1], 5)
SERVED = Performance(
    paid=1_200,
    stamped=1_000,
    in_time=995,
    waits=WAITS,
    refunds={RefundResult.KEPT: 40, RefundResult.LATE: 0},
    given_back={RefundReason.REQUESTED: 60},
)


@pytest.fixture
def anybody(browser: Browser) -> Browser:
    browser.account = None
    return browser


def publish(browser: Browser, *ages: int, served: Performance = SERVED) -> None:
    """Days so many days ago, the oldest first. Now it is 09:00 WIB: yesterday is due."""
    now = browser.app.state.now
    browser.app.state.public_days = tuple(
        PublicDay(day_of(now) - timedelta(days=age), 2 if age > 1 else 1, now, served, 0)
        for age in ages
    )


def test_before_the_first_day_is_over_the_page_says_when_there_will_be_figures(
    anybody: Browser,
) -> None:
    page = anybody.get("/kinerja")
    assert page.status == 200
    assert "Belum ada angka" in page.text
    assert "paling cepat pukul 03.00 WIB" in page.text
    assert "<table" not in page.html


def test_one_reads_what_was_done_and_whether_it_was_as_promised(anybody: Browser) -> None:
    publish(anybody, 3, 2, 1)
    page = anybody.get("/kinerja")
    for sentence in (
        "3.000 e\u2011meterai dibubuhkan",
        "Separuh orang paling lama 5 detik",
        "95 dari 100 paling lama 10 detik",
        "99 dari 100 paling lama 60 detik",
        "99,5 % : 2.985 dari 3.000",
        "120 tepat waktu",
        "0 terlambat",
        "diminta pembeli: 180",
        "Semua hari cocok",
    ):
        assert sentence in page.text, page.text
    assert "belum ada: harinya" not in page.text


def test_english_is_answered_to_who_asks_for_it(anybody: Browser) -> None:
    publish(anybody, 1)
    anybody.language = "en"
    page = anybody.get("/kinerja")
    assert "1,000 e\u2011meterai were put on documents" in page.text
    assert "99.5%" in page.text


def test_of_the_few_who_waited_longest_the_last_bound_is_told(anybody: Browser) -> None:
    publish(anybody, 1, served=Performance(paid=1, stamped=1, waits=(*NO_WAITS[:-1], 1)))
    assert "lebih dari 24 jam" in anybody.get("/kinerja").text


def test_a_day_without_figures_has_its_row_and_is_an_incident(anybody: Browser) -> None:
    publish(anybody, 4, 2, 1)
    text = anybody.get("/kinerja").text
    assert "1 hari belum dicocokkan" in text
    assert text.count("Belum dicocokkan") == 1


def test_figures_that_are_late_are_said_to_be_late(anybody: Browser) -> None:
    publish(anybody, 3, 2)
    assert "belum ada: harinya belum selesai dicocokkan" in anybody.get("/kinerja").text


def test_late_refunds_and_open_differences_are_not_hidden(anybody: Browser) -> None:
    refunds = {RefundResult.LATE: 7, RefundResult.OPEN: 6, RefundResult.NEEDS_ACCOUNT: 5}
    publish(anybody, 1, served=replace(SERVED, refunds=refunds))
    [day] = anybody.app.state.public_days
    anybody.app.state.public_days = (replace(day, differences=9),)
    page = anybody.get("/kinerja")
    assert "7 terlambat, 6 masih dalam waktu" in page.text
    assert "5 menunggu pembeli" in page.text
    assert "9 selisih" in page.text
    assert 'class="banner warn"' in page.html


def test_thirty_days_are_shown_and_the_page_stays_small(anybody: Browser) -> None:
    publish(anybody, *range(62, 0, -1))
    page = anybody.get("/kinerja")
    assert page.html.count('<th scope="row">') == page.html.count('width="8"') == 30
    assert len(page.html.encode()) < MAX_BYTES
    assert len(gzip.compress(page.html.encode())) < MAX_BYTES / 4


def test_it_is_the_same_for_everybody_and_may_be_kept(browser: Browser) -> None:
    publish(browser, 1)
    signed_in = browser.get("/kinerja")
    browser.account = None
    page = browser.get("/kinerja")
    assert (signed_in.html, signed_in.cookies) == (page.html, ())
    assert page.headers["Cache-Control"] == "public, max-age=300"
    assert page.headers["Vary"] == "Accept-Language"
    assert page.headers["Content-Language"] == "id"
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_a_browser_that_has_it_already_is_told_so(anybody: Browser) -> None:
    publish(anybody, 1)
    tag = anybody.get("/kinerja").headers["ETag"]
    anybody.headers["if-none-match"] = f'"other", W/{tag}'
    again = anybody.get("/kinerja")
    assert (again.status, again.html, again.headers["ETag"]) == (304, "", tag)
    publish(anybody, 2, 1)
    assert anybody.get("/kinerja").status == 200


def test_programs_read_what_the_page_was_computed_from(anybody: Browser) -> None:
    publish(anybody, *range(40, 0, -1))
    answer = anybody.get("/kinerja.json")
    assert answer.headers["Content-Type"] == "application/json"
    data = json.loads(answer.html)
    assert data["wait_bounds_s"] == [*WAIT_BOUNDS_S, None]
    assert data["refund_promise_s"] == 86_400
    assert len(data["days"]) == 40
    day = data["days"][-1]
    assert day == {
        "day": "2026-11-23",
        "is_final": False,
        "written_at": "2026-11-24T02:00:00+00:00",
        "paid": 1_200,
        "stamped": 1_000,
        "in_time": 995,
        "being_stamped": 0,
        "waits": list(WAITS),
        "refunds": {"kept": 40, "late": 0},
        "given_back": {"requested": 60},
        "wait_within_s": {"p50": 5, "p95": 10, "p99": 60},
        "differences": 0,
    }


def test_where_the_figures_cannot_be_read_the_page_says_so_and_is_not_kept(
    anybody: Browser,
) -> None:
    anybody.app.break_down(Unavailable(party="s3", reason="slow_down"))
    page = anybody.get("/kinerja")
    assert (page.status, page.headers["Cache-Control"]) == (503, "no-store")
