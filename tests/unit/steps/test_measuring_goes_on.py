"""What a run that measures goes on from: its own last second, or another's that is newer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.waiting.admission_control import SETTLED as PLACES_SETTLED
from meterai.domain.waiting.admission_control import AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.tickets import QueueTicket
from meterai.steps.publish_load_snapshot import _last, publish_load_snapshot
from tests.unit.steps.snapshots import calm
from tests.unit.steps.test_publish_load_snapshot import Hall, admission_of

SECOND = timedelta(seconds=1)
NOW = Hall().state.now


@pytest.mark.parametrize(
    ("standing", "is_taken"),
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
    standing: LoadSnapshot | None, *, is_taken: bool
) -> None:
    mine = calm(NOW - 2 * SECOND)
    assert _last(mine, standing, NOW) is (standing if is_taken else mine)


def test_a_run_that_begins_continues_from_the_stored_snapshot() -> None:
    assert _last(None, None, NOW) is None
    standing = calm(NOW + SECOND)
    assert _last(None, standing, NOW) is standing


def test_a_pause_without_counted_tickets_counts_them_from_the_end_of_the_last_turns() -> None:
    hall = Hall()
    now = hall.state.now
    former = open_from(now, AdmissionPolicy())
    paused = replace(former, level=0, is_open=False, over=now - 2 * SECOND)
    hall.state.snapshot = LoadSnapshot(now, {}, paused)
    for account, ago_s in (("of a former turn", 3), ("who waits", 1)):
        place = QueueTicket(account, now - ago_s * SECOND)
        hall.ports.waiting_room.take(place, paused.over)
    hall.state.pass_time(PLACES_SETTLED)
    assert publish_load_snapshot(hall.beats(1), hall.ports) == 1
    room = admission_of(hall).room
    assert room is not None
    assert room.issued[-1].arrived == 1


def test_what_a_run_wrote_itself_it_knows_better_than_what_is_read_of_it() -> None:
    """The stored snapshot has lost its lanes. A run that believed it would begin each anew."""
    hall = Hall()

    def beats() -> Iterable[datetime]:
        for now in hall.beats(3):
            yield now
            assert hall.state.snapshot is not None
            hall.state.snapshot = replace(hall.state.snapshot, lanes={})

    asked: list[str] = []
    hall.state.hook = lambda moment, call: asked.append(call) if moment == "before" else None
    assert publish_load_snapshot(beats(), hall.ports) == 3
    assert asked.count("LoadMetrics.samples") == 2, "of all but the first second"
