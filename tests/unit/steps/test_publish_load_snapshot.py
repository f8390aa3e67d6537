"""Publishing load snapshots: one writer, second by second, that may be interrupted or doubled
anywhere."""

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


class LaneHarness:
    """In-memory ports whose stamping lane a test fills and drains."""

    def __init__(self) -> None:
        self.state = InMemoryState()
        policy = AdmissionPolicy(longest_wait=timedelta(seconds=60))
        self.ports = replace(ports_of(self.state), admission_policy=policy)

    def send(self, count: int) -> None:
        for n in range(count):
            self.ports.lanes.stamp([Serial(f"{n:022}")], f"account {n}")

    def take(self, count: int, dwell_s: float) -> None:
        """Taken by a worker that reports at once."""
        for _ in range(count):
            self.state.stamping_lane.popleft()
        self.ports.load_metrics.put_sample(
            ThroughputSample(Lane.STAMPING, self.state.now, "one", count, 1, (dwell_s,))
        )

    def ticks(self, seconds: int) -> Iterable[datetime]:
        for _ in range(seconds):
            self.state.pass_time(SECOND)
            yield self.state.now

    def rush(self, seconds: int = 60) -> None:
        """Two messages arrive for each that is taken."""
        for second in range(seconds):
            self.send(20)
            self.take(10, dwell_s=max(2.0, second / 2))
            assert publish_load_snapshot(self.ticks(1), self.ports) == 1


def test_every_lane_with_a_queue_is_measured_once_a_second() -> None:
    harness = LaneHarness()
    assert publish_load_snapshot(harness.ticks(5), harness.ports) == 5
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.at == harness.state.now
    assert tuple(snapshot.lanes) == MEASURED
    for status in snapshot.lanes.values():
        assert (status.at, status.wait_of_next()) == (harness.state.now - SETTLED, Range(1, 3))


def test_depth_and_drain_rate_are_in_the_snapshot() -> None:
    harness = LaneHarness()
    harness.rush()
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    status = snapshot.lanes[Lane.STAMPING]
    assert status.waiting == 600
    assert status.drained_low_per_s == pytest.approx(10, rel=0.05)
    reported = status.wait_of_next()
    assert reported is not None
    assert reported.low <= 60 <= reported.high


def test_samples_of_one_lane_do_not_count_for_another() -> None:
    """The urgent lane is full too, and half as fast."""
    harness = LaneHarness()
    for second in range(20):
        harness.send(20)
        harness.take(10, dwell_s=max(2.0, second / 2))
        for n in range(20):
            harness.ports.lanes.stamp([Serial(f"{n:022}")], f"account {n}", Lane.URGENT)
        for _ in range(5):
            harness.state.urgent_lane.popleft()
        reported = ThroughputSample(
            Lane.URGENT, harness.state.now, "two", 5, 1, (max(2.0, second / 2),)
        )
        harness.ports.load_metrics.put_sample(reported)
        publish_load_snapshot(harness.ticks(1), harness.ports)
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    ordinary, urgent = snapshot.lanes[Lane.STAMPING], snapshot.lanes[Lane.URGENT]
    assert (ordinary.waiting, urgent.waiting) == (200, 300)
    assert ordinary.drained == 2 * urgent.drained > 0


def test_an_unmeasured_lane_begins_with_its_depth() -> None:
    harness = LaneHarness()
    harness.send(20)
    publish_load_snapshot(harness.ticks(1), harness.ports)
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert {lane: (status.lane, status.waiting) for lane, status in snapshot.lanes.items()} == {
        lane: (lane, 20 if lane is Lane.STAMPING else 0) for lane in MEASURED
    }


def calls(harness: LaneHarness, seconds: int = 1) -> list[str]:
    """The calls of so many measured seconds, in order."""
    made: list[str] = []
    harness.state.hook = lambda moment, call: made.append(call) if moment == "before" else None
    assert publish_load_snapshot(harness.ticks(seconds), harness.ports) == seconds
    harness.state.hook = lambda *_: None
    return made


def test_the_last_snapshot_is_read_each_second_in_case_another_run_measures() -> None:
    assert calls(LaneHarness(), seconds=5).count("LoadMetrics.snapshot") == 5


def test_samples_from_the_future_or_too_long_ago_are_not_read() -> None:
    harness = LaneHarness()
    assert "LoadMetrics.samples" not in calls(harness), "nothing was measured before"
    harness.state.pass_time(MAX_GAP - SECOND)
    assert "LoadMetrics.samples" in calls(harness)
    harness.state.pass_time(MAX_GAP)
    assert "LoadMetrics.samples" not in calls(harness)


def test_a_snapshot_without_lanes_starts_from_nothing() -> None:
    harness = LaneHarness()
    harness.state.snapshot = LoadSnapshot(harness.state.now, {})
    assert publish_load_snapshot(harness.ticks(2), harness.ports) == 2
    assert tuple(harness.state.snapshot.lanes) == MEASURED


def test_a_run_continues_where_the_one_before_was_interrupted() -> None:
    """Each second of `rush` is a separate run: only the snapshot is kept."""
    whole, cut = LaneHarness(), LaneHarness()
    cut.rush()
    for second in range(60):
        whole.send(20)
        whole.take(10, dwell_s=max(2.0, second / 2))
        publish_load_snapshot(whole.ticks(1), whole.ports)
    assert whole.ports.load_metrics.snapshot() == cut.ports.load_metrics.snapshot()


def test_of_two_runs_the_older_one_ends() -> None:
    harness = LaneHarness()
    publish_load_snapshot(harness.ticks(1), harness.ports)
    snapshot = harness.state.snapshot
    assert snapshot is not None
    harness.state.snapshot = replace(snapshot, at=snapshot.at + 10 * SECOND)
    assert publish_load_snapshot(harness.ticks(5), harness.ports) == 0
    assert harness.state.snapshot.at == snapshot.at + 10 * SECOND


def test_two_concurrent_runs_give_the_result_of_one() -> None:
    """A schedule may start a run twice. One run must not take back an admission of the other."""
    harness = LaneHarness()
    close_with_tickets_for(harness, people=3_000)
    watermarks = [admission_of(harness).watermark]

    def half_a_second() -> datetime:
        harness.state.pass_time(SECOND / 2)
        watermarks.append(admission_of(harness).watermark)
        return harness.state.now

    def second_run() -> Iterator[None]:
        """Each `next` is one measurement, half a second after the first run's."""
        mine = None
        while True:
            now = half_a_second()
            mine = measure(
                _last(mine, harness.ports.load_metrics.snapshot(), now), now, harness.ports
            )
            assert harness.ports.load_metrics.put_snapshot(mine)
            yield

    def first_runs_ticks() -> Iterator[datetime]:
        second = second_run()
        for _ in range(300):
            yield half_a_second()
            next(second)

    assert publish_load_snapshot(first_runs_ticks(), harness.ports) == 300
    assert watermarks == sorted(watermarks)
    assert watermarks[-1] - watermarks[0] > 30 * SECOND


@pytest.mark.parametrize("lag_s", [0, 1, 2])
def test_tickets_that_an_index_shows_late_are_waited_for(lag_s: int) -> None:
    harness = LaneHarness()
    harness.state.index_lag = lag_s * SECOND
    close_with_tickets_for(harness, people=3_000)
    publish_load_snapshot(harness.ticks(20), harness.ports)
    admission = admission_of(harness)
    assert not admission.is_open
    assert admission.room is not None
    assert admission.room.issued[-1].arrived == 3_000


def close_with_tickets_for(harness: LaneHarness, people: int) -> None:
    """Buying has paused, and within a minute `people` took tickets; the lane is empty again."""
    harness.rush(120)
    for n in range(people):
        harness.state.pass_time(timedelta(minutes=1) / people)
        ticket = QueueTicket(f"account {n}", whole_milliseconds(harness.state.now))
        harness.ports.waiting_room.take(ticket, admission_of(harness).over)
        if n % (people // 60) == 0:
            publish_load_snapshot([harness.state.now], harness.ports)
    harness.state.stamping_lane.clear()


def admission_of(harness: LaneHarness) -> Admission:
    snapshot = harness.state.snapshot
    assert snapshot is not None
    assert snapshot.admission is not None
    return snapshot.admission


def test_a_snapshot_dated_tomorrow_does_not_stop_todays() -> None:
    harness = LaneHarness()
    publish_load_snapshot(harness.ticks(1), harness.ports)
    snapshot = harness.state.snapshot
    assert snapshot is not None
    harness.state.snapshot = replace(snapshot, at=snapshot.at + timedelta(days=1))
    assert publish_load_snapshot(harness.ticks(5), harness.ports) == 5
    assert harness.state.snapshot.at == harness.state.now


def test_a_second_in_which_a_service_fails_is_left_out() -> None:
    harness = LaneHarness()
    failing = iter([True, False, False])

    def fail(moment: str, call: str) -> None:
        if moment == "before" and call == "Lanes.waiting" and next(failing, False):
            raise Unavailable(party="sqs")

    harness.state.hook = fail
    assert publish_load_snapshot(harness.ticks(4), harness.ports) == 3


@pytest.mark.parametrize(
    "call", ["LoadMetrics.snapshot", "LoadMetrics.samples", "LoadMetrics.put_snapshot"]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_interrupted_at_any_call_the_next_run_measures(call: str, moment: str) -> None:
    harness = LaneHarness()
    harness.rush(10)

    class CutOffError(BaseException):
        """The function ends here."""

    def cut(at: str, what: str) -> None:
        if (at, what) == (moment, call):
            raise CutOffError

    harness.state.hook = cut
    with pytest.raises(CutOffError):
        publish_load_snapshot(harness.ticks(1), harness.ports)
    harness.state.hook = lambda *_: None
    assert publish_load_snapshot(harness.ticks(3), harness.ports) == 3


def test_buying_closes_while_the_lane_is_too_long_and_tickets_are_counted() -> None:
    harness = LaneHarness()
    harness.rush(120)
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.admission is not None
    assert not snapshot.admission.is_open
    for n in range(30):
        ticket = QueueTicket(f"account {n}", harness.state.now)
        harness.ports.waiting_room.take(ticket, snapshot.admission.over)
    publish_load_snapshot(harness.ticks(6), harness.ports)
    after = harness.ports.load_metrics.snapshot()
    assert after is not None
    assert after.admission is not None
    assert after.admission.room is not None
    assert after.admission.room.issued[-1].arrived == 30
    assert after.admission.pace is not None
    assert after.admission.room.waiting <= 30


def test_each_change_of_buying_is_logged_and_recorded(caplog: pytest.LogCaptureFixture) -> None:
    harness = LaneHarness()
    harness.rush(120)
    harness.state.stamping_lane.clear()
    publish_load_snapshot(harness.ticks(600), harness.ports)
    lines = [one for one in caplog.records if one.message.startswith("buying")]
    assert {one.message for one in lines} == {"buying paused", "buying resumes"}
    assert (lines[0].message, lines[-1].message) == ("buying paused", "buying resumes")
    recorded = [(Metric.BUYING_PAUSED, int(one.message == "buying paused")) for one in lines]
    assert harness.ports.metrics.recorded == recorded
    said = [one.message for one in lines]
    assert all(one != then for one, then in pairwise(said)), "each change, and not each second"


def test_while_buying_is_open_no_tickets_are_counted() -> None:
    harness = LaneHarness()
    made: list[str] = []
    harness.state.hook = lambda _, call: made.append(call)
    publish_load_snapshot(harness.ticks(5), harness.ports)
    assert "WaitingRoom.issued" not in made


def test_the_portals_deadlines_are_in_the_snapshot() -> None:
    harness = LaneHarness()
    reported = harness.ports.portal_deadlines
    soon = harness.state.now + timedelta(minutes=10)
    reported.put(Deadline("sscasn", soon, honours_receipts=False, reported_at=harness.state.now))
    reported.put(Deadline("lpdp", soon, honours_receipts=True, reported_at=harness.state.now))
    reported.put(Deadline("bumn", None, honours_receipts=True, reported_at=harness.state.now))
    publish_load_snapshot(harness.ticks(1), harness.ports)
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.deadlines == {"sscasn": soon, "lpdp": soon}
    assert snapshot.honouring == {"lpdp"}


@pytest.mark.parametrize("honours", [False, True])
def test_a_deadline_limits_buying_unless_its_portal_honours_receipts(*, honours: bool) -> None:
    """The lane comes to take a minute, and the deadline is nearer than that."""
    harness = LaneHarness()
    harness.ports = replace(
        harness.ports, admission_policy=AdmissionPolicy(longest_wait=timedelta(minutes=10))
    )
    at = harness.state.now + timedelta(seconds=90)
    reported = Deadline("sscasn", at, honours_receipts=honours, reported_at=harness.state.now)
    harness.ports.portal_deadlines.put(reported)
    harness.rush()
    snapshot = harness.ports.load_metrics.snapshot()
    assert snapshot is not None
    assert snapshot.admission is not None
    assert snapshot.admission.is_open == honours
