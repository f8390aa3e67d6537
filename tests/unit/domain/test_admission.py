"""Admission closes before waits grow too long, keeps the lane busy, and admits by ticket order."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.waiting.admission_control import (
    MAX_ABANDONED_SHARE,
    Admission,
    WatermarkSample,
    next_admission,
    open_from,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.pace import MAX_PACE
from meterai.domain.waiting.queue_status import QueueStatus, Range
from tests.unit.domain.admission_run import (
    CALM,
    LIMIT_S,
    NOTHING_ASKED,
    POLICY,
    SECOND,
    START,
    Run,
    lane,
)

API_PER_S = 2_500  # the requests that API Gateway accepts in Jakarta, for all clients together


def closed() -> Run:
    run = Run()
    run.advance(1, lane(wait_s=2 * LIMIT_S))
    return run


def test_buying_is_open_by_default() -> None:
    admission = next_admission(None, CALM, (), 0, NOTHING_ASKED, {}, START, POLICY)
    assert admission == Admission(
        is_open=True,
        changed_at=START,
        watermark=START,
        over=START,
        capacity_per_s=POLICY.capacity_per_s,
        usual_per_s=POLICY.capacity_per_s,
    )
    assert admission.admits(START + timedelta(days=1))
    assert admission.position_of(START + timedelta(days=1)) == Range(0, 0)


def test_it_stays_open_while_applicants_wait_less_than_the_limit() -> None:
    assert Run().advance(600, lane(wait_s=0.95 * LIMIT_S)).is_open


@pytest.mark.parametrize(
    "flow", [lane(wait_s=1.3 * LIMIT_S), lane(dwell_s=1.01 * LIMIT_S)], ids=["foreseen", "measured"]
)
def test_it_closes_at_once_when_applicants_wait_longer_than_the_limit(flow: QueueStatus) -> None:
    admission = Run().advance(1, flow)
    assert not admission.is_open


def test_it_closes_before_the_stamps_that_were_bought_are_paid() -> None:
    """A hundred a second, of which thirty could be stamped; the lane itself is still empty."""
    run = Run()
    closed_after_s = next(
        s for s in range(1_000) if not run.advance(1, CALM, ordered_per_s=200).is_open
    )
    assert closed_after_s < 60


def test_sales_at_the_lanes_capacity_keep_it_open_for_ever() -> None:
    assert Run().advance(2_000, CALM, ordered_per_s=round(POLICY.capacity_per_s)).is_open


def test_open_buying_does_not_change_the_measured_capacity() -> None:
    assert Run().advance(1_000, CALM).capacity_per_s == POLICY.capacity_per_s


def test_old_orders_do_not_count() -> None:
    run = Run()
    run.advance(40, CALM, ordered_per_s=200)
    assert run.advance(600, CALM).is_open


def test_a_lane_that_has_stopped_closes_it_by_the_age_of_its_messages() -> None:
    """Without workers there is no rate; the age of the oldest message shows how long the lane has
    stood."""
    stopped = replace(
        lane(wait_s=600), drained_low_per_s=0.0, drained_high_per_s=0.0, dwell_p90_s=0.0
    )
    assert not Run().advance(1, stopped).is_open


def test_buyers_after_the_closing_wait_and_earlier_ones_do_not() -> None:
    run = closed()
    assert run.admission.admits(run.now)
    assert not run.admission.admits(run.now + SECOND)


def test_nobody_is_admitted_while_the_lane_is_too_long() -> None:
    run = closed()
    before = run.admission.watermark
    assert run.advance(120, lane(wait_s=1.5 * LIMIT_S), issued_per_s=50).watermark == before


def test_while_the_window_has_room_more_are_admitted_than_the_lane_serves() -> None:
    """Up to twice as many, and fewer and fewer the fuller it is; none where it is far too full."""
    per_s = []
    for wait_s in (0, 60, 100, 140, 180, 260):
        run = closed()
        run.advance(30, lane(wait_s=2 * LIMIT_S, per_s=40), issued_per_s=200)
        before = run.admission.watermark
        after = run.advance(1, lane(wait_s, per_s=40), issued_per_s=200).watermark
        per_s.append((after - before).total_seconds() * 200 * POLICY.stamps_a_buyer / 40)
    assert per_s == sorted(per_s, reverse=True)
    assert per_s[0] <= MAX_PACE
    assert per_s[0] > 1.5 > 1.0 > per_s[4] > 0.0
    assert per_s[-1] == 0.0


def test_it_opens_although_new_people_keep_coming_who_are_all_admitted() -> None:
    """Tickets of the last seconds are not in the index yet; they do not keep it closed."""
    run = closed()
    opened = (run.advance(1, lane(wait_s=10, per_s=40), issued_per_s=5).is_open for _ in range(400))
    assert any(opened)


def test_it_is_open_again_once_nobody_waits_and_the_window_has_room() -> None:
    run = closed()
    run.advance(10, lane(wait_s=10), issued_per_s=20)
    opened_after_s = next(s for s in range(1_000) if run.advance(1, lane(wait_s=1)).is_open)
    assert opened_after_s < 60
    full = closed()
    assert not full.advance(600, lane(wait_s=0.9 * LIMIT_S)).is_open


def test_while_some_wait_nobody_passes_them() -> None:
    run = closed()
    for _ in range(400):
        admission = run.advance(1, lane(wait_s=1, per_s=10), issued_per_s=300)
        assert not admission.is_open
        assert not admission.admits(run.now)


def test_an_empty_lane_does_not_lower_the_measured_capacity() -> None:
    """In a lane in which nothing waits, the drain rate is only the rate of arrivals."""
    run = Run()
    run.advance(2, lane(wait_s=2 * LIMIT_S, per_s=40))
    run.advance(200, lane(wait_s=0, per_s=0.1), issued_per_s=100)
    assert run.admission.capacity_per_s == pytest.approx(40)


def test_a_ticket_may_buy_for_its_time_and_no_longer() -> None:
    run = closed()
    run.advance(40, lane(wait_s=10, per_s=40), issued_per_s=100)
    issued_at = run.admission.watermark
    assert run.admission.admits(issued_at)
    lasted_s = next(
        second
        for second in range(2_000)
        if run.advance(1, lane(wait_s=0.75 * LIMIT_S), issued_per_s=100).is_over(issued_at)
    )
    part_s = POLICY.holds.total_seconds() / 20
    assert POLICY.holds / SECOND - 1 <= lasted_s <= POLICY.holds / SECOND + part_s
    assert not run.admission.admits(issued_at)


def test_the_queue_moves_on_past_those_who_left() -> None:
    """None of the first thousand comes back: the lane stays short, and the last one is admitted."""
    run = closed()
    run.advance(10, lane(wait_s=2 * LIMIT_S), issued_per_s=100)
    last = run.now
    waited_s = next(s for s in range(3_000) if run.advance(1, lane(wait_s=0)).admits(last))
    assert waited_s < 600


def test_before_a_deadline_the_wait_must_fit_into_the_time_left() -> None:
    run = Run(deadlines={"sscasn": START + timedelta(seconds=100)})
    assert not run.advance(1, lane(wait_s=120)).is_open
    assert Run().advance(1, lane(wait_s=120)).is_open


def test_a_deadline_that_is_past_limits_nothing() -> None:
    assert Run(deadlines={"sscasn": START - timedelta(days=1)}).advance(1, lane(wait_s=120)).is_open


def test_a_clock_that_was_set_back_changes_nothing() -> None:
    run = closed()
    back = next_admission(
        run.admission, lane(), run.issued, 0, NOTHING_ASKED, {}, START - timedelta(hours=1), POLICY
    )
    assert back == run.admission


def test_a_clock_that_jumps_forward_admits_at_most_a_minutes_worth() -> None:
    run = closed()
    run.advance(60, lane(wait_s=10, per_s=40), issued_per_s=1_000)
    before = run.admission
    later = run.now + timedelta(days=1)
    after = next_admission(
        before, lane(wait_s=10, per_s=40), run.issued, 0, NOTHING_ASKED, {}, later, POLICY
    )
    people = (after.watermark - before.watermark).total_seconds() * 1_000
    assert people <= 60 * 40 * MAX_PACE


def test_position_and_wait_are_those_of_the_ticket() -> None:
    run = closed()
    run.advance(200, lane(wait_s=10, per_s=40), issued_per_s=1_000, ordered_per_s=40)
    sooner, later = run.now - 60 * SECOND, run.now - 5 * SECOND
    ahead = [run.admission.position_of(at) for at in (sooner, later)]
    waits = [run.admission.wait_of(at) for at in (sooner, later)]
    assert ahead[1].low > ahead[0].high - 20_000
    assert all(wait is not None and wait.low <= wait.high <= 3 * wait.low for wait in waits)
    assert ahead[1].low - ahead[0].low == pytest.approx(
        55 * 1_000 * (1 - MAX_ABANDONED_SHARE), rel=0.02
    )


def test_while_nobody_is_admitted_the_wait_includes_what_the_lane_works_off_first() -> None:
    run, waits = closed(), []
    for wait_s in (1.5 * LIMIT_S, 2 * LIMIT_S, 3 * LIMIT_S):
        run = closed()
        run.advance(5, lane(wait_s, per_s=40), issued_per_s=100)
        wait = run.admission.wait_of(run.now)
        assert wait is not None
        waits.append(wait.high)
    assert waits == sorted(waits)
    assert waits[-1] - waits[0] > LIMIT_S
    assert run.admission.position_of(run.now) != Range(0, 0)


@pytest.mark.parametrize("per_s", [10, 40, 750])
def test_a_million_waiting_clients_do_not_all_poll_at_once(
    per_s: float, capsys: pytest.CaptureFixture[str]
) -> None:
    run = closed()
    run.advance(1_000, lane(wait_s=2 * LIMIT_S, per_s=per_s), issued_per_s=1_000)
    came = [run.now - n * SECOND for n in range(1_000)]
    asks_per_s = sum(1_000 / run.admission.ask_after(at).total_seconds() for at in came)
    with capsys.disabled():
        print(f"\na million wait, {per_s} stamps/s: they poll {asks_per_s:,.0f} times a second ")
    assert asks_per_s < API_PER_S / 1.5


@pytest.mark.parametrize("after_s", [5, 60, 200, 600])
@pytest.mark.parametrize("closed_s", [0, 400])
def test_a_client_that_polls_when_it_should_does_not_miss_its_turn(
    after_s: int, closed_s: int
) -> None:
    """Among half a million, near the front and further back, while nobody is admitted and while the
    window fills."""
    run = closed()
    flow = lane(wait_s=2 * LIMIT_S, per_s=750)
    run.advance(600, flow, issued_per_s=900)
    mine = START + after_s * SECOND
    asks_at = run.now
    for second in range(4_000):
        now = flow if second < closed_s else lane(wait_s=1, per_s=750)
        admission = run.advance(1, now, issued_per_s=900)
        if run.now < asks_at:
            continue
        if admission.admits(mine):
            return
        assert not admission.is_over(mine)
        asks_at = run.now + admission.ask_after(mine)
    pytest.fail("the turn never came")


def test_a_lane_that_has_nearly_stopped_causes_no_division_by_zero() -> None:
    run = closed()
    slow = lane(wait_s=2 * LIMIT_S, per_s=0.000_1)
    assert run.advance(5, replace(slow, waiting=1), issued_per_s=1).capacity_per_s > 0.01


def test_the_stored_state_stays_small() -> None:
    run = closed()
    run.advance(3_000, lane(wait_s=10), issued_per_s=100)
    assert len(run.admission.marks) <= 40
    assert all(isinstance(mark, WatermarkSample) for mark in run.admission.marks)


@pytest.mark.parametrize(
    "snapshot",
    [
        None,
        LoadSnapshot(START, {}),
        LoadSnapshot(START, {}, open_from(START, POLICY)),
        LoadSnapshot(START - timedelta(minutes=2), {}, closed().admission),
    ],
    ids=["none", "nothing decided", "open", "an outdated snapshot"],
)
def test_without_a_usable_snapshot_everybody_may_buy(snapshot: LoadSnapshot | None) -> None:
    assert paused(snapshot, START) is None


def test_while_it_is_paused_the_snapshot_says_so() -> None:
    admission = closed().admission
    assert paused(LoadSnapshot(START, {}, admission), START + 5 * SECOND) == admission
