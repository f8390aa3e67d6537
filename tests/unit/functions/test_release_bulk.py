"""The schedule of bulk work."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.container import container
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.ticker import each_second
from meterai.messages import StampDocument
from meterai.ports import TakenOut
from tests.fakes.in_memory_state import Letter
from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.story import ACCOUNT, SERIAL


def test_bulk_enters_the_stamping_lane(memory_app: FunctionApp) -> None:
    memory_app.ports.lanes.stamp([SERIAL], ACCOUNT, Lane.BULK)
    assert memory_app.invoke("release_bulk", sample("release_bulk")) == {"handed_on": 1}
    message = StampDocument(serials=(SERIAL,), bulk=True)
    assert list(memory_app.state.stamping_lane) == [Letter(message, ACCOUNT)]
    assert memory_app.invoke("release_bulk", sample("release_bulk")) == {"handed_on": 0}


def test_the_wait_of_bulk_is_reported_as_for_any_lane(
    memory_app: FunctionApp,
) -> None:
    now = datetime.now(UTC)
    taken = TakenOut((SERIAL,), "a customer", now - timedelta(hours=1), "receipt")
    container.bulk_reporter.record_taken([taken] * 3)
    (sample,) = memory_app.ports.load_metrics.samples(now, now + timedelta(minutes=1))
    assert (sample.lane, sample.taken, sample.accounts) == (Lane.BULK, 3, 1)
    assert sample.dwells_s[0] == pytest.approx(3_600, abs=60)


def test_work_is_done_each_second_and_missed_seconds_are_skipped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock_s, beats_s = 100.0, []

    def sleep(span_s: float) -> None:
        nonlocal clock_s
        clock_s += span_s

    monkeypatch.setattr("meterai.entrypoints.ticker.time.monotonic", lambda: clock_s)
    monkeypatch.setattr("meterai.entrypoints.ticker.time.sleep", sleep)
    for _ in each_second(6):
        beats_s.append(clock_s - 100.0)
        clock_s += 2.5 if len(beats_s) == 2 else 0.1
    assert beats_s == [0.0, 1.0, 3.5, 4.0, 5.0, 6.0]
    assert len(list(each_second(0))) == 1
