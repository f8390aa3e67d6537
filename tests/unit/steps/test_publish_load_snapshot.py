"""Measure: one writer, second by second, that may be cut off and doubled anywhere."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.stamping.serials import Serial
from meterai.domain.waiting.admission_control import Admission, AdmissionPolicy
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, Range, ThroughputSample
from meterai.domain.waiting.throughput_estimator import MAX_GAP, SETTLED
from meterai.domain.waiting.tickets import QueueTicket, whole_milliseconds
from meterai.steps.publish_load_snapshot import (
    MEASURED,
    _last,
    measure,
    publish_load_snapshot,
)
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import ports_of

SECOND = timedelta(seconds=1)


class Hall:
    """A world whose stamping lane is fed and drained by hand."""

    def __init__(self) -> None:
        self.state = InMemoryState()
        policy = AdmissionPolicy(longest_wait=timedelta(seconds=60))
        self.ports = replace(ports_of(self.state), admission_policy=policy)

    def send(self, count: int) -> None:
        for n in range(count):
            self.ports.lanes.stamp([Serial(f"{n:022}")], f"account {n}")

    def take(self, count: int, dwell_s: float) -> None:
        """By a worker that tells of it at once."""
        for _ in range(count):
            self.state.stamping_lane.popleft()
        self.ports.load_metrics.put_sample(
            ThroughputSample(Lane.STAMPING, self.state.now, "one", count, 1, (dwell_s,))
        )

    def beats(self, seconds: int) -> Iterable[datetime]:
        for _ in range(seconds):
            self.state.pass_time(SECOND)
            yield self.state.now

    def rush(self, seconds: int = 60) -> None:
        """Two come for each that is taken."""
        for second in range(seconds):
            self.send(20)
            self.take(10, dwell_s=max(2.0, second / 2))
            assert publish_load_snapshot(self.beats(1), self.ports) == 1


def test_every_lane_with_a_queue_is_measured_once_a_second() -> None:
    hall = Hall()
    assert publish_load_snapshot(hall.beats(5), hall.ports) == 5
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.at == hall.state.now
    assert tuple(snapshot.lanes) == MEASURED
    for flow in snapshot.lanes.values():
        assert (flow.at, flow.wait_of_next()) == (hall.state.now - SETTLED, Range(1, 3))


def test_what_waits_and_how_fast_it_is_taken_is_in_the_snapshot() -> None:
    hall = Hall()
    hall.rush()
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    flow = snapshot.lanes[Lane.STAMPING]
    assert flow.waiting == 600
    assert flow.drained_low_per_s == pytest.approx(10, rel=0.05)
    told = flow.wait_of_next()
    assert told is not None
    assert told.low <= 60 <= told.high


def test_what_is_taken_from_one_lane_is_not_counted_for_another() -> None:
    """The urgent lane is full too, and half as fast."""
    hall = Hall()
    for second in range(20):
        hall.send(20)
        hall.take(10, dwell_s=max(2.0, second / 2))
        for n in range(20):
            hall.ports.lanes.stamp([Serial(f"{n:022}")], f"account {n}", Lane.URGENT)
        for _ in range(5):
            hall.state.urgent_lane.popleft()
        told = ThroughputSample(Lane.URGENT, hall.state.now, "two", 5, 1, (max(2.0, second / 2),))
        hall.ports.load_metrics.put_sample(told)
        publish_load_snapshot(hall.beats(1), hall.ports)
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    ordinary, urgent = snapshot.lanes[Lane.STAMPING], snapshot.lanes[Lane.URGENT]
    assert (ordinary.waiting, urgent.waiting) == (200, 300)
    assert ordinary.drained == 2 * urgent.drained > 0


def test_an_unmeasured_lane_begins_with_what_waits_in_it() -> None:
    hall = Hall()
    hall.send(20)
    publish_load_snapshot(hall.beats(1), hall.ports)
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert {lane: (flow.lane, flow.waiting) for lane, flow in snapshot.lanes.items()} == {
        lane: (lane, 20 if lane is Lane.STAMPING else 0) for lane in MEASURED
    }


def calls(hall: Hall, seconds: int = 1) -> list[str]:
    """Of so many seconds that are measured, in order."""
    asked: list[str] = []
    hall.state.hook = lambda moment, call: asked.append(call) if moment == "before" else None
    assert publish_load_snapshot(hall.beats(seconds), hall.ports) == seconds
    hall.state.hook = lambda *_: None
    return asked


def test_the_last_snapshot_is_read_each_second_for_another_one_may_measure() -> None:
    assert calls(Hall(), seconds=5).count("LoadMetrics.snapshot") == 5


def test_samples_from_the_future_or_too_long_ago_are_not_read() -> None:
    hall = Hall()
    assert "LoadMetrics.samples" not in calls(hall), "nothing was looked at before"
    hall.state.pass_time(MAX_GAP - SECOND)
    assert "LoadMetrics.samples" in calls(hall)
    hall.state.pass_time(MAX_GAP)
    assert "LoadMetrics.samples" not in calls(hall)


def test_a_snapshot_without_lanes_starts_from_nothing() -> None:
    hall = Hall()
    hall.state.snapshot = LoadSnapshot(hall.state.now, {})
    assert publish_load_snapshot(hall.beats(2), hall.ports) == 2
    assert tuple(hall.state.snapshot.lanes) == MEASURED


def test_a_run_continues_where_the_one_before_was_interrupted() -> None:
    """Each second of `rush` is a run of its own: nothing is kept but the snapshot."""
    whole, cut = Hall(), Hall()
    cut.rush()
    for second in range(60):
        whole.send(20)
        whole.take(10, dwell_s=max(2.0, second / 2))
        publish_load_snapshot(whole.beats(1), whole.ports)
    assert whole.ports.load_metrics.snapshot() == cut.ports.load_metrics.snapshot()


def test_beside_another_one_the_older_run_ends() -> None:
    hall = Hall()
    publish_load_snapshot(hall.beats(1), hall.ports)
    snapshot = hall.state.snapshot
    assert snapshot is not None
    hall.state.snapshot = replace(snapshot, at=snapshot.at + 10 * SECOND)
    assert publish_load_snapshot(hall.beats(5), hall.ports) == 0
    assert hall.state.snapshot.at == snapshot.at + 10 * SECOND


def test_two_that_measure_at_once_are_as_one() -> None:
    """A schedule may start a run twice. Who was let in by the one is not put back by the other."""
    hall = Hall()
    closed_with(hall, people=3_000)
    watermarks = [admission_of(hall).watermark]

    def half_a_second() -> datetime:
        hall.state.pass_time(SECOND / 2)
        watermarks.append(admission_of(hall).watermark)
        return hall.state.now

    def second_run() -> Iterator[None]:
        """Each `next` is a look of its own, half a second after the first run's."""
        mine = None
        while True:
            now = half_a_second()
            mine = measure(_last(mine, hall.ports.load_metrics.snapshot(), now), now, hall.ports)
            assert hall.ports.load_metrics.put_snapshot(mine)
            yield

    def first_runs_beats() -> Iterator[datetime]:
        second = second_run()
        for _ in range(300):
            yield half_a_second()
            next(second)

    assert publish_load_snapshot(first_runs_beats(), hall.ports) == 300
    assert watermarks == sorted(watermarks)
    assert watermarks[-1] - watermarks[0] > 30 * SECOND


@pytest.mark.parametrize("lag_s", [0, 1, 2])
def test_tickets_that_an_index_shows_late_are_waited_for(lag_s: int) -> None:
    hall = Hall()
    hall.state.index_lag = lag_s * SECOND
    closed_with(hall, people=3_000)
    publish_load_snapshot(hall.beats(20), hall.ports)
    admission = admission_of(hall)
    assert not admission.is_open
    assert admission.room is not None
    assert admission.room.issued[-1].arrived == 3_000


def closed_with(hall: Hall, people: int) -> None:
    """Buying has paused, and within a minute so many took places; the lane is empty again."""
    hall.rush(120)
    for n in range(people):
        hall.state.pass_time(timedelta(minutes=1) / people)
        place = QueueTicket(f"account {n}", whole_milliseconds(hall.state.now))
        hall.ports.waiting_room.take(place, admission_of(hall).over)
        if n % (people // 60) == 0:
            publish_load_snapshot([hall.state.now], hall.ports)
    hall.state.stamping_lane.clear()


def admission_of(hall: Hall) -> Admission:
    snapshot = hall.state.snapshot
    assert snapshot is not None
    assert snapshot.admission is not None
    return snapshot.admission


def test_a_snapshot_of_tomorrow_does_not_stop_todays() -> None:
    hall = Hall()
    publish_load_snapshot(hall.beats(1), hall.ports)
    snapshot = hall.state.snapshot
    assert snapshot is not None
    hall.state.snapshot = replace(snapshot, at=snapshot.at + timedelta(days=1))
    assert publish_load_snapshot(hall.beats(5), hall.ports) == 5
    assert hall.state.snapshot.at == hall.state.now


def test_a_second_in_which_something_does_not_answer_is_left_out() -> None:
    hall = Hall()
    failing = iter([True, False, False])

    def fail(moment: str, call: str) -> None:
        if moment == "before" and call == "Lanes.waiting" and next(failing, False):
            raise Unavailable(party="sqs")

    hall.state.hook = fail
    assert publish_load_snapshot(hall.beats(4), hall.ports) == 3


@pytest.mark.parametrize(
    "call", ["LoadMetrics.snapshot", "LoadMetrics.samples", "LoadMetrics.put_snapshot"]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cut_off_at_any_call_the_next_run_measures(call: str, moment: str) -> None:
    hall = Hall()
    hall.rush(10)

    class CutOffError(BaseException):
        """The function ends here."""

    def cut(at: str, what: str) -> None:
        if (at, what) == (moment, call):
            raise CutOffError

    hall.state.hook = cut
    with pytest.raises(CutOffError):
        publish_load_snapshot(hall.beats(1), hall.ports)
    hall.state.hook = lambda *_: None
    assert publish_load_snapshot(hall.beats(3), hall.ports) == 3


def test_buying_closes_while_the_lane_is_too_long_and_places_are_counted() -> None:
    hall = Hall()
    hall.rush(120)
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.admission is not None
    assert not snapshot.admission.is_open
    for n in range(30):
        place = QueueTicket(f"account {n}", hall.state.now)
        hall.ports.waiting_room.take(place, snapshot.admission.over)
    publish_load_snapshot(hall.beats(6), hall.ports)
    after = hall.ports.load_metrics.snapshot()
    assert after is not None
    assert after.admission is not None
    assert after.admission.room is not None
    assert after.admission.room.issued[-1].arrived == 30
    assert after.admission.room.waiting == 30


def test_each_change_of_buying_is_logged_and_recorded(caplog: pytest.LogCaptureFixture) -> None:
    hall = Hall()
    hall.rush(120)
    hall.state.stamping_lane.clear()
    publish_load_snapshot(hall.beats(600), hall.ports)
    lines = [one for one in caplog.records if one.message.startswith("buying")]
    assert {one.message for one in lines} == {"buying paused", "buying resumes"}
    assert (lines[0].message, lines[-1].message) == ("buying paused", "buying resumes")
    recorded = [(Metric.BUYING_PAUSED, int(one.message == "buying paused")) for one in lines]
    assert hall.ports.metrics.recorded == recorded
    told = [(one.message, one.__dict__["level"]) for one in lines]
    assert all(one != then for one, then in pairwise(told)), "a change, and not each second"


def test_while_buying_is_open_no_tickets_are_counted() -> None:
    hall = Hall()
    asked: list[str] = []
    hall.state.hook = lambda _, call: asked.append(call)
    publish_load_snapshot(hall.beats(5), hall.ports)
    assert "WaitingRoom.issued" not in asked


def test_the_portals_deadlines_are_in_the_snapshot() -> None:
    hall = Hall()
    told = hall.ports.portal_deadlines
    soon = hall.state.now + timedelta(minutes=10)
    told.put(Deadline("sscasn", soon, honours_receipts=False, reported_at=hall.state.now))
    told.put(Deadline("lpdp", soon, honours_receipts=True, reported_at=hall.state.now))
    told.put(Deadline("bumn", None, honours_receipts=True, reported_at=hall.state.now))
    publish_load_snapshot(hall.beats(1), hall.ports)
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.deadlines == {"sscasn": soon, "lpdp": soon}
    assert snapshot.honouring == {"lpdp"}


@pytest.mark.parametrize("honours", [False, True])
def test_a_deadline_limits_buying_unless_receipts_serve_for_it(*, honours: bool) -> None:
    """The lane comes to take a minute, and the deadline is nearer than that."""
    hall = Hall()
    hall.ports = replace(
        hall.ports, admission_policy=AdmissionPolicy(longest_wait=timedelta(minutes=10))
    )
    at = hall.state.now + timedelta(seconds=90)
    told = Deadline("sscasn", at, honours_receipts=honours, reported_at=hall.state.now)
    hall.ports.portal_deadlines.put(told)
    hall.rush()
    snapshot = hall.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.admission is not None
    assert snapshot.admission.is_open == honours
