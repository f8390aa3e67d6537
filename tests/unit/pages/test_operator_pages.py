"""/operator: how the system is now."""

from datetime import timedelta

import pytest

from meterai.domain.operators import Operator
from meterai.domain.waiting.admission_control import Admission, WaitingCurve
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.selling import Closed
from tests.unit.functions.function_app import sample
from tests.unit.pages.browser import Browser

SRI = Operator("e6ffcb24-87fa-5fd7-bdcd-cfd7ed9b0600", "sri.wahyuni")
SECOND = timedelta(seconds=1)


@pytest.fixture
def operator(browser: Browser) -> Browser:
    browser.operator = SRI
    return browser


def measured(
    browser: Browser,
    age: timedelta = SECOND,
    admission: Admission | None = None,
    closed: Closed | None = None,
) -> None:
    at = browser.app.state.now - age
    lanes = {
        Lane.STAMPING: QueueStatus(Lane.STAMPING, at, waiting=12_345, dwell_p90_s=95.0),
        Lane.BULK: QueueStatus(Lane.BULK, at),
    }
    browser.app.state.snapshot = LoadSnapshot(at, lanes, admission, closed=closed)


def test_the_sample_event_leads_to_the_sign_in_of_operators(browser: Browser) -> None:
    returned = browser.app.invoke("operator_pages", sample("operator_pages"))

    assert returned["statusCode"] == 303
    assert returned["headers"]["Location"] == "/operator/masuk?ke=/operator"


def test_it_shows_each_lane_and_how_fast_it_is_taken(operator: Browser) -> None:
    measured(operator)
    now = operator.app.state.now
    for age_s, taken in ((4, 400), (34, 800)):
        at = now - age_s * SECOND
        operator.app.ports.load_metrics.put_sample(
            ThroughputSample(Lane.STAMPING, at, "w1", taken, 1, (9.0,))
        )

    page = operator.get("/operator")

    assert (page.status, page.headers["Content-Language"]) == (200, "id")
    assert "Pembubuhan 12.345 \u2013 95 detik" in page.text
    assert 'aria-label="Sekarang 100 per detik, paling banyak 200"' in page.html
    assert page.html.count("<polyline") == 1
    assert "Pembubuhan massal 0" in page.text
    assert "Pembelian dibuka" in page.text
    assert "Pengukuran berhenti" not in page.text


def test_it_says_loudly_that_measuring_stopped(operator: Browser) -> None:
    assert "Belum ada angka sama sekali." in operator.get("/operator").text

    measured(operator, age=600 * SECOND)
    page = operator.get("/operator")

    assert "Pengukuran berhenti" in page.text
    assert "LoadSnapshotStale" in page.text
    assert "Pembelian tidak diketahui" in page.text


def test_it_says_who_may_buy(operator: Browser) -> None:
    now = operator.app.state.now
    rush = Admission(
        is_open=False,
        changed_at=now,
        watermark=now - 60 * SECOND,
        over=now - 600 * SECOND,
        capacity_per_s=241.7,
        usual_per_s=240.0,
        room=WaitingCurve(9_876, ()),
    )
    measured(operator, admission=rush)
    page = operator.get("/operator")
    assert "bergiliran 9.876 orang di ruang tunggu." in page.text
    assert "dari sebelum 24 November 2026, 08.59.00 WIB" in page.text
    assert "Kapasitas pembubuhan 242/detik" in page.text

    for closed, said in (
        (Closed.SWITCHED_OFF, "ditutup operator"),
        (Closed.NO_SIGNING_IDENTITY, "ditutup: tidak ada sertifikat"),
    ):
        measured(operator, admission=rush, closed=closed)
        assert f"Pembelian {said}" in operator.get("/operator").text


def test_it_shows_the_deadlines_of_portals(operator: Browser) -> None:
    assert "sscasn tidak ada" in operator.get("/operator").text
    now = operator.app.state.now
    operator.app.ports.portal_deadlines.put(
        Deadline("sscasn", now + 3600 * SECOND, honours_receipts=True, reported_at=now)
    )
    text = operator.get("/operator").text
    assert "sscasn 24 November 2026, 10.00 WIB, menerima tanda terima" in text


def test_it_loads_itself_again_with_and_without_script(operator: Browser) -> None:
    page = operator.get("/operator")
    assert '<noscript><meta http-equiv="refresh" content="15"></noscript>' in page.html
    assert 'data-again-s="15"' in page.html
