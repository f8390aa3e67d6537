"""The schedule of bulk work."""

from datetime import UTC, datetime, timedelta

import pytest

from functions.feed_bulk import app
from meterai.domain.flow import Lane
from meterai.entry.beats import each_second
from meterai.messages import StampDocument
from meterai.ports import TakenOut
from tests.fakes.world import Letter
from tests.unit.functions.stamp_office import StampOffice, sample
from tests.unit.functions.story import ACCOUNT, SERIAL


def test_bulk_enters_the_stamping_lane(office: StampOffice) -> None:
    office.ports.lanes.stamp([SERIAL], ACCOUNT, Lane.BULK)
    assert office.invoke("feed_bulk", sample("feed_bulk")) == {"handed_on": 1}
    message = StampDocument(serials=(SERIAL,), bulk=True)
    assert list(office.world.stamping_lane) == [Letter(message, ACCOUNT)]
    assert office.invoke("feed_bulk", sample("feed_bulk")) == {"handed_on": 0}


def test_how_long_bulk_has_waited_is_told_as_of_any_lane(
    office: StampOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.tallies, "_told_at", {})  # an instance's first
    now = datetime.now(UTC)
    app.took([TakenOut((SERIAL,), "a customer", now - timedelta(hours=1), "receipt")] * 3)
    (tally,) = office.ports.gauges.tallies(now, now + timedelta(minutes=1))
    assert (tally.lane, tally.taken, tally.accounts) == (Lane.BULK, 3, 1)
    assert tally.dwells_s[0] == pytest.approx(3_600, abs=60)


def test_there_is_a_beat_each_second_and_missed_ones_are_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock_s, beats_s = 100.0, []

    def sleep(span_s: float) -> None:
        nonlocal clock_s
        clock_s += span_s

    monkeypatch.setattr("meterai.entry.beats.time.monotonic", lambda: clock_s)
    monkeypatch.setattr("meterai.entry.beats.time.sleep", sleep)
    for _ in each_second(6):
        beats_s.append(clock_s - 100.0)
        clock_s += 2.5 if len(beats_s) == 2 else 0.1
    assert beats_s == [0.0, 1.0, 3.5, 4.0, 5.0, 6.0]
    assert len(list(each_second(0))) == 1
