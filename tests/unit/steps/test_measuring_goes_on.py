"""Which snapshot a measuring run continues from: its own last second, or a newer one of another
run."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.waiting.admission_control import TICKETS_SETTLED, AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.tickets import QueueTicket
from meterai.steps.publish_load_snapshot import _last, publish_load_snapshot
from tests.unit.steps.snapshots import calm
from tests.unit.steps.test_publish_load_snapshot import LaneHarness, admission_of

SECOND = timedelta(seconds=1)
NOW = LaneHarness().state.now


@pytest.mark.parametrize(
    ("stored", "is_used"),
    [
        pytest.param(None, False, id="what is gone"),
        pytest.param(calm(NOW - 3 * SECOND), False, id="an older one"),
        pytest.param(calm(NOW - 2 * SECOND), False, id="its own, as it was read"),
        pytest.param(calm(NOW - SECOND), True, id="a newer one"),
        pytest.param(calm(NOW), True, id="one of this moment"),
        pytest.param(calm(NOW + SECOND), False, id="one of the future"),
    ],
)
def test_a_run_continues_from_another_runs_snapshot_only_if_that_is_newer_and_past(
    stored: LoadSnapshot | None, *, is_used: bool
) -> None:
    mine = calm(NOW - 2 * SECOND)
    assert _last(mine, stored, NOW) is (stored if is_used else mine)


def test_a_run_that_begins_continues_from_the_stored_snapshot() -> None:
    assert _last(None, None, NOW) is None
    stored = calm(NOW + SECOND)
    assert _last(None, stored, NOW) is stored


def test_a_pause_without_counted_tickets_counts_them_from_the_end_of_the_last_turns() -> None:
    harness = LaneHarness()
    now = harness.state.now
    former = open_from(now, AdmissionPolicy())
    paused = replace(former, is_open=False, over=now - 2 * SECOND)
    harness.state.snapshot = LoadSnapshot(now, {}, paused)
    for account, ago_s in (("of an earlier turn", 3), ("waiting", 1)):
        ticket = QueueTicket(account, now - ago_s * SECOND)
        harness.ports.waiting_room.take(ticket, paused.over)
    harness.state.pass_time(TICKETS_SETTLED)
    assert publish_load_snapshot(harness.ticks(1), harness.ports) == 1
    room = admission_of(harness).room
    assert room is not None
    assert room.issued[-1].arrived == 1


def test_a_run_trusts_its_own_snapshot_more_than_the_stored_one() -> None:
    """The stored snapshot has lost its lanes. A run that used it would start each lane anew."""
    harness = LaneHarness()

    def ticks() -> Iterable[datetime]:
        for now in harness.ticks(3):
            yield now
            assert harness.state.snapshot is not None
            harness.state.snapshot = replace(harness.state.snapshot, lanes={})

    calls: list[str] = []
    harness.state.hook = lambda moment, call: calls.append(call) if moment == "before" else None
    assert publish_load_snapshot(ticks(), harness.ports) == 3
    assert calls.count("LoadMetrics.samples") == 2, "of all but the first second"
