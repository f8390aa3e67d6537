"""What is on its way to the lane: learned from what was ordered and what was asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.waiting.demand import (
    LEARNED_OVER,
    MIN_SHARE_ASKED,
    ORDER_LASTS,
    PAYS_WITHIN,
    Arrivals,
    AskedFor,
    Demand,
    counted_by,
    queue_found,
)
from meterai.domain.waiting.queue_status import CumulativePoint

NOW = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
PER_S = 10.0  # the lane's capacity
HALF_S = PAYS_WITHIN.total_seconds() / 2


def orders(*counts: tuple[float, int], lags_s: tuple[float, float] = (0.0, 0.0)) -> Demand:
    """So many ordered so many seconds ago, each within a second."""
    points, total = [], 0
    for ago_s, count in counts:
        points += [CumulativePoint(NOW - (ago_s + 0.5) * SECOND, total)]
        total += count
        points += [CumulativePoint(NOW - (ago_s - 0.5) * SECOND, total)]
    return Demand(tuple(points), (), *lags_s)


def advanced(demand: Demand, seconds: int, ordered: int, asked: int = 0) -> Demand:
    for second in range(seconds):
        demand = demand.after(
            ordered, AskedFor(asked), NOW + (second + 1) * SECOND, PER_S, ORDER_LASTS
        )
    return demand


def test_nothing_is_on_its_way_before_anything_was_ordered() -> None:
    assert Demand().on_its_way(NOW, 1.0, None) == []


def test_what_was_just_ordered_comes_whole_over_the_time_that_payments_take() -> None:
    coming = orders((0, 100)).on_its_way(NOW, 1.0, None)
    assert sum(one.count for one in coming) == pytest.approx(100)
    assert coming[0].after_s == pytest.approx(0.6 * HALF_S)
    assert sum(one.count for one in coming if one.after_s <= HALF_S) == pytest.approx(50)
    assert sum(one.count for one in coming if one.after_s <= 2 * HALF_S) == pytest.approx(90)


@pytest.mark.parametrize(
    ("age_s", "left"), [(10, 100), (30, 75), (50, 50), (70, 30), (100, 10), (130, 0)]
)
def test_of_older_orders_less_is_still_to_come(age_s: int, left: int) -> None:
    coming = orders((age_s, 100)).on_its_way(NOW, 1.0, None)
    assert sum(one.count for one in coming) == pytest.approx(left)


def test_what_was_ordered_earlier_comes_so_much_sooner() -> None:
    coming = orders((10, 100)).on_its_way(NOW, 1.0, None)
    assert coming[0].after_s == pytest.approx(0.6 * HALF_S - 10)


def test_only_the_share_that_is_asked_for_is_on_its_way() -> None:
    coming = orders((0, 100)).on_its_way(NOW, 0.4, None)
    assert sum(one.count for one in coming) == pytest.approx(40)


def test_until_a_lag_was_learned_orders_are_kept_until_they_expire() -> None:
    """Payments may all be late; those who ordered before are told by the policy's own numbers."""
    demand = orders((300, 70), (200, 30))
    kept = demand.on_its_way(NOW, 1.0, NOW - 250 * SECOND)
    assert sum(one.count for one in kept) == pytest.approx(30)
    assert all(one.after_s == 0.0 for one in kept)
    learned = Demand(demand.ordered, (), 10.0, 60.0)
    assert learned.on_its_way(NOW, 1.0, NOW - 250 * SECOND) == []


def test_a_long_lag_is_learned_and_a_short_one_only_down_to_what_is_assumed() -> None:
    slow = Demand().after(0, AskedFor(1, (100.0, 400.0, 800.0)), NOW, PER_S, ORDER_LASTS)
    assert (slow.likely_lag_s, slow.long_lag_s) == (400.0, 800.0)
    quick = Demand().after(0, AskedFor(1, (1.0, 2.0)), NOW, PER_S, ORDER_LASTS)
    assert (quick.lag_p50_s, quick.lag_p90_s) == (2.0, 2.0)
    assert (quick.likely_lag_s, quick.long_lag_s) == (HALF_S, 2 * HALF_S)


def test_later_lags_weigh_by_how_many_they_are_and_none_changes_nothing() -> None:
    before = Demand((), (), 100.0, 200.0)
    after = before.after(0, AskedFor(200, (300.0,)), NOW, PER_S, ORDER_LASTS)
    assert (after.lag_p50_s, after.lag_p90_s) == (200.0, 250.0)
    assert before.after(5, AskedFor(200), NOW, PER_S, ORDER_LASTS).lag_p50_s == 100.0


def test_a_lag_is_at_most_the_time_in_which_an_order_expires() -> None:
    demand = Demand().after(0, AskedFor(1, (90_000.0,)), NOW, PER_S, ORDER_LASTS)
    assert demand.lag_p90_s == ORDER_LASTS.total_seconds()


@pytest.mark.parametrize(
    ("ordered", "asked", "share"),
    [(20, 20, 1.0), (20, 10, 0.5), (20, 40, 1.0), (20, 0, MIN_SHARE_ASKED)],
)
def test_the_share_that_is_asked_for_is_learned(ordered: int, asked: int, share: float) -> None:
    demand = advanced(Demand(), 600, ordered, asked)
    now = NOW + 600 * SECOND
    assert demand.share_asked(NOW, now, PER_S) == pytest.approx(share, abs=0.03)


def test_the_share_is_learned_over_the_time_that_they_take() -> None:
    """A rush ends, as when buying pauses: all who ordered have paid within seconds, and if they are
    compared with those who are yet to come, most of them seem to have left."""
    demand = Demand()
    for second in range(180):
        ordered, asked = (20 if end < 120 else 2 for end in (second, second - 5))
        demand = demand.after(
            ordered, AskedFor(asked, (5.0,)), NOW + (second + 1) * SECOND, PER_S, ORDER_LASTS
        )
    share = demand.share_asked(NOW + 120 * SECOND, NOW + 180 * SECOND, PER_S)
    assert share == pytest.approx(1.0, abs=0.05)


def test_those_who_are_quick_are_seen_first_and_are_not_all() -> None:
    demand = Demand()
    for second in range(60):
        asked = AskedFor(6, (5.0,)) if second >= 5 else AskedFor()
        demand = demand.after(20, asked, NOW + (second + 1) * SECOND, PER_S, ORDER_LASTS)
    share = demand.share_asked(NOW, NOW + 60 * SECOND, PER_S)
    assert share > 0.9


def test_at_first_all_are_believed_to_come() -> None:
    demand = advanced(Demand(), 60, 20)
    assert demand.share_asked(NOW + 55 * SECOND, NOW + 60 * SECOND, PER_S) > 0.6
    assert demand.share_asked(NOW + 60 * SECOND, NOW + 60 * SECOND, PER_S) == 1.0


def test_the_curves_stay_short_and_lose_nothing() -> None:
    demand = advanced(Demand(), 5_000, 7, 3)
    now = NOW + 5_000 * SECOND
    assert len(demand.ordered) < 60
    assert len(demand.asked) < 45
    for seconds in (10, 60, 299):
        before = counted_by(demand.ordered, now - seconds * SECOND)
        assert counted_by(demand.ordered, now) - before == pytest.approx(7 * seconds)
    assert now - demand.ordered[0].at >= ORDER_LASTS
    assert now - demand.asked[0].at >= LEARNED_OVER
    assert demand.ordered[-1] == CumulativePoint(now, 35_000.0)


@pytest.mark.parametrize(
    ("waiting", "coming", "after_s", "found"),
    [
        pytest.param(0, [], 60, 0, id="nothing"),
        pytest.param(700, [], 60, 100, id="the queue is worked off"),
        pytest.param(0, [(50, 300)], 60, 200, id="the lane is idle until they come"),
        pytest.param(1_000, [(50, 300)], 60, 700, id="it is not"),
        pytest.param(0, [(10, 200), (60, 5), (20, 200)], 60, 5, id="some are done by then"),
        pytest.param(0, [(61, 300)], 60, 0, id="they come later"),
    ],
)
def test_what_a_purchase_finds_in_the_lane(
    waiting: float, coming: list[tuple[float, float]], after_s: float, found: float
) -> None:
    arrivals = [Arrivals(*one) for one in coming]
    assert queue_found(waiting, arrivals, PER_S, after_s) == pytest.approx(found)
