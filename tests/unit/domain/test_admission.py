"""Admission: closes before it is too late, opens by degrees, lets in by the time of the ticket."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from meterai.domain.waiting.admission_control import (
    CALM_FOR,
    FULL,
    LEVELS,
    MAX_ABANDONED_SHARE,
    Admission,
    WatermarkSample,
    next_admission,
    open_from,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot, paused
from meterai.domain.waiting.queue_status import QueueStatus, Range
from tests.unit.domain.admission_run import CALM, LIMIT_S, POLICY, SECOND, START, Run, lane

API_PER_S = 2_500  # requests that API Gateway takes in Jakarta, of everybody


def closed() -> Run:
    run = Run()
    run.on(1, lane(wait_s=2 * LIMIT_S))
    return run


def test_buying_starts_open_by_default() -> None:
    admission = next_admission(None, CALM, (), 0, {}, START, POLICY)
    assert admission == Admission(
        level=LEVELS[-1],
        is_open=True,
        changed_at=START,
        calm_since=START,
        watermark=START,
        over=START,
        capacity_per_s=POLICY.capacity_per_s,
    )
    assert admission.admits(START + timedelta(days=1))
    assert admission.position_of(START + timedelta(days=1)) == Range(0, 0)


def test_it_stays_open_while_applicants_wait_less_than_the_limit() -> None:
    assert Run().on(600, lane(wait_s=0.95 * LIMIT_S)).is_open


@pytest.mark.parametrize(
    "flow", [lane(wait_s=1.3 * LIMIT_S), lane(dwell_s=1.01 * LIMIT_S)], ids=["foreseen", "measured"]
)
def test_it_closes_at_once_when_they_wait_longer(flow: QueueStatus) -> None:
    admission = Run().on(1, flow)
    assert (admission.is_open, admission.level) == (False, 0)


def test_it_closes_before_what_was_bought_is_paid() -> None:
    """A hundred a second, of which thirty could be stamped; the lane itself is empty yet."""
    run = Run()
    closed_after_s = next(s for s in range(1_000) if not run.on(1, CALM, bought_per_s=200).is_open)
    assert closed_after_s < 60


def test_what_it_bears_may_be_bought_for_ever() -> None:
    assert Run().on(2_000, CALM, bought_per_s=round(POLICY.capacity_per_s)).is_open


def test_open_buying_learns_nothing_of_what_its_lane_bears() -> None:
    assert Run().on(1_000, CALM).capacity_per_s == POLICY.capacity_per_s


def test_orders_of_long_ago_do_not_count() -> None:
    run = Run()
    run.on(40, CALM, bought_per_s=200)
    assert run.on(600, CALM).is_open


def test_a_lane_that_has_stopped_closes_it_by_its_age() -> None:
    """No worker, no rate: what came to the front of the lane tells how long it has stood."""
    stopped = replace(
        lane(wait_s=600), drained_low_per_s=0.0, drained_high_per_s=0.0, dwell_p90_s=0.0
    )
    assert not Run().on(1, stopped).is_open


def test_who_comes_after_it_closed_waits_and_who_was_in_time_does_not() -> None:
    run = closed()
    assert run.admission.admits(run.now)
    assert not run.admission.admits(run.now + SECOND)


def test_nobody_is_let_in_while_the_lane_is_too_long() -> None:
    run = closed()
    before = run.admission.watermark
    assert run.on(120, lane(wait_s=1.5 * LIMIT_S), issued_per_s=50).watermark == before


def test_it_opens_by_steps_each_after_a_calm_while() -> None:
    run = closed()
    levels = [run.on(1, lane(wait_s=10), issued_per_s=50).level for _ in range(250)]
    changes = [(at, after) for at, (before, after) in enumerate(pairwise(levels)) if after > before]
    assert [level for _, level in changes] == list(LEVELS[1:])
    gaps = [later - sooner for (sooner, _), (later, _) in pairwise(changes)]
    assert min(gaps) >= CALM_FOR / SECOND


def test_it_opens_although_people_go_on_coming_who_are_all_let_in() -> None:
    """Places of the last seconds are not told of yet: they keep nothing shut."""
    run = closed()
    opened = (run.on(1, lane(wait_s=10, per_s=40), issued_per_s=5).is_open for _ in range(400))
    assert any(opened)


def test_it_does_not_flutter_about_the_limit() -> None:
    run = closed()
    run.on(60, lane(wait_s=10), issued_per_s=50)
    level = run.admission.level
    for second in range(600):
        wait_s = LIMIT_S * (0.75 + 0.2 * (second % 2))  # between half the limit and the limit
        assert run.on(1, lane(wait_s), issued_per_s=50).level == level


def test_a_calm_while_that_was_broken_begins_anew() -> None:
    run = closed()
    for _ in range(10):
        assert run.on(25, lane(wait_s=10), issued_per_s=50).level == 0
        run.on(1, lane(wait_s=0.8 * LIMIT_S), issued_per_s=50)


def test_it_is_open_again_once_nobody_waits() -> None:
    run = closed()
    run.on(10, lane(wait_s=10), issued_per_s=20)
    opened_after_s = next(s for s in range(1_000) if run.on(1, lane(wait_s=1)).is_open)
    assert run.admission.level >= FULL
    assert opened_after_s >= 3 * CALM_FOR / SECOND  # by steps all the same


def test_while_some_wait_nobody_walks_past_them() -> None:
    run = closed()
    for _ in range(400):
        admission = run.on(1, lane(wait_s=1, per_s=10), issued_per_s=30)
        assert not admission.is_open
        assert not admission.admits(run.now)


def test_people_are_let_in_in_the_order_of_their_tickets_at_the_measured_rate() -> None:
    run = closed()
    busy = lane(wait_s=10, per_s=40)
    next(s for s in range(300) if run.on(1, busy, issued_per_s=100).level == FULL)
    before, level = run.admission.watermark, run.admission.level
    after = run.on(20, busy, issued_per_s=100).watermark
    people = (after - before).total_seconds() * 100
    assert level == FULL
    assert people == pytest.approx(20 * 40 / POLICY.stamps_a_buyer, rel=0.02)


def test_an_empty_lane_does_not_make_admission_forget_what_it_bears() -> None:
    """Of a lane in which nothing waits the drain rate is that of the arrivals."""
    run = Run()
    run.on(2, lane(wait_s=2 * LIMIT_S, per_s=40))
    run.on(200, lane(wait_s=0, per_s=0.1), issued_per_s=100)
    assert run.admission.capacity_per_s == pytest.approx(40)


def test_a_place_may_buy_for_its_time_and_no_longer() -> None:
    run = closed()
    run.on(40, lane(wait_s=10, per_s=40), issued_per_s=100)
    issued_at = run.admission.watermark
    assert run.admission.admits(issued_at)
    lasted_s = next(
        second
        for second in range(2_000)
        if run.on(1, lane(wait_s=0.75 * LIMIT_S), issued_per_s=100).is_over(issued_at)
    )
    part_s = POLICY.holds.total_seconds() / 20
    assert POLICY.holds / SECOND - 1 <= lasted_s <= POLICY.holds / SECOND + part_s
    assert not run.admission.admits(issued_at)


def test_the_queue_moves_on_past_those_who_left() -> None:
    """Nobody of the first thousand comes back: the lane stays short, and the last is let in."""
    run = closed()
    run.on(10, lane(wait_s=2 * LIMIT_S), issued_per_s=100)
    last = run.now
    waited_s = next(s for s in range(3_000) if run.on(1, lane(wait_s=0)).admits(last))
    assert waited_s < 600


def test_before_a_deadline_the_wait_must_fit_into_what_is_left() -> None:
    run = Run(deadlines={"sscasn": START + timedelta(seconds=100)})
    assert not run.on(1, lane(wait_s=120)).is_open
    assert Run().on(1, lane(wait_s=120)).is_open


def test_a_deadline_that_is_past_limits_nothing() -> None:
    assert Run(deadlines={"sscasn": START - timedelta(days=1)}).on(1, lane(wait_s=120)).is_open


def test_a_clock_that_went_back_changes_nothing() -> None:
    run = closed()
    back = next_admission(
        run.admission, lane(), run.issued, 0, {}, START - timedelta(hours=1), POLICY
    )
    assert back == run.admission


def test_a_clock_that_jumped_on_lets_in_no_more_than_a_minutes_worth() -> None:
    run = closed()
    run.on(60, lane(wait_s=10, per_s=40), issued_per_s=1_000)
    before = run.admission
    later = run.now + timedelta(days=1)
    after = next_admission(before, lane(wait_s=10, per_s=40), run.issued, 0, {}, later, POLICY)
    people = (after.watermark - before.watermark).total_seconds() * 1_000
    assert people <= 60 * 40 * max(LEVELS) / 100


def test_position_and_wait_are_those_of_the_ticket() -> None:
    run = closed()
    run.on(200, lane(wait_s=10, per_s=40), issued_per_s=100)
    sooner, later = run.now - 60 * SECOND, run.now - 5 * SECOND
    ahead = [run.admission.position_of(at) for at in (sooner, later)]
    waits = [run.admission.wait_of(at) for at in (sooner, later)]
    assert ahead[1].low > ahead[0].high - 2_000
    assert all(wait is not None and wait.low <= wait.high <= 3 * wait.low for wait in waits)
    assert ahead[1].low - ahead[0].low == pytest.approx(
        55 * 100 * (1 - MAX_ABANDONED_SHARE), rel=0.02
    )


def test_while_nobody_is_let_in_no_wait_is_told() -> None:
    run = closed()
    run.on(5, lane(wait_s=2 * LIMIT_S), issued_per_s=100)
    assert run.admission.wait_of(run.now) is None
    assert run.admission.position_of(run.now) != Range(0, 0)


@pytest.mark.parametrize("per_s", [10, 40, 750])
def test_a_million_who_wait_do_not_ask_all_at_once(
    per_s: float, capsys: pytest.CaptureFixture[str]
) -> None:
    run = closed()
    run.on(1_000, lane(wait_s=2 * LIMIT_S, per_s=per_s), issued_per_s=1_000)
    came = [run.now - n * SECOND for n in range(1_000)]
    asks_per_s = sum(1_000 / run.admission.ask_after(at).total_seconds() for at in came)
    with capsys.disabled():
        print(f"\na million wait, {per_s} stamps/s: they ask {asks_per_s:,.0f} times a second ")
    assert asks_per_s < API_PER_S / 1.5


@pytest.mark.parametrize("after_s", [5, 60, 200, 600])
@pytest.mark.parametrize("closed_s", [0, 400])
def test_who_asks_when_told_to_does_not_miss_a_turn(after_s: int, closed_s: int) -> None:
    """Among half a million, near the front and further back, while nobody is let in and while the
    levels rise."""
    run = closed()
    flow = lane(wait_s=2 * LIMIT_S, per_s=750)
    run.on(600, flow, issued_per_s=900)
    mine = START + after_s * SECOND
    asks_at = run.now
    for second in range(4_000):
        now = flow if second < closed_s else lane(wait_s=1, per_s=750)
        admission = run.on(1, now, issued_per_s=900)
        if run.now < asks_at:
            continue
        if admission.admits(mine):
            return
        assert not admission.is_over(mine)
        asks_at = run.now + admission.ask_after(mine)
    pytest.fail("the turn never came")


def test_a_lane_that_all_but_stands_divides_nothing_by_nothing() -> None:
    run = closed()
    slow = lane(wait_s=2 * LIMIT_S, per_s=0.000_1)
    assert run.on(5, replace(slow, waiting=1), issued_per_s=1).capacity_per_s > 0.01


def test_what_is_kept_stays_small() -> None:
    run = closed()
    run.on(3_000, lane(wait_s=10), issued_per_s=100)
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
    ids=["none", "nothing decided", "open", "a gauge that stopped"],
)
def test_where_nothing_says_otherwise_everybody_may_buy(snapshot: LoadSnapshot | None) -> None:
    assert paused(snapshot, START) is None


def test_while_it_is_paused_the_snapshot_says_so() -> None:
    admission = closed().admission
    assert paused(LoadSnapshot(START, {}, admission), START + 5 * SECOND) == admission
