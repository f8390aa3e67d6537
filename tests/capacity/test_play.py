"""Small scenarios in every way: nobody who paid is lost, and the same seed tells the same."""

import random
from functools import cache

import pytest

from tests.capacity.advice import advised, changes
from tests.capacity.answers import row, told
from tests.capacity.curve import STAMPS_A_PERSON, Curve
from tests.capacity.measured import Measured
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.play import Scenario, Way, play
from tests.capacity.sizes import Size, declared
from tests.capacity.times import Times

MEASURED = Measured(stamp_s=0.002, imports_s={"stamp": 0.25})
CALM = Scenario("calm", Curve("calm", (0, 120), (2,)), 2, grain=1)
SURGE = Scenario("surge", Curve("surge", (0, 60), (200,)), 200, grain=25, bulk=((30, 1_000),))


def _size(scenario: Scenario, way: Way) -> Size:
    times = Times(MEASURED, random.Random(0))
    expected = scenario.expected_people_per_s
    return advised(declared(), expected, PEOPLE, times) if way is Way.WARM else declared()


@cache
def _played(scenario: Scenario, way: Way) -> Outcome:
    return play(scenario, way, _size(scenario, way), MEASURED, seed=3)


@pytest.mark.parametrize("way", [Way.ONE_QUEUE, Way.COLD, Way.WARM])
@pytest.mark.parametrize("scenario", [CALM, SURGE], ids=lambda one: one.name)
def test_whoever_paid_is_stamped(scenario: Scenario, way: Way) -> None:
    outcome = _played(scenario, way)
    assert outcome.drained_s is not None
    assert outcome.came == outcome.ordered + outcome.left
    assert outcome.stamped_stamps == STAMPS_A_PERSON * outcome.paid
    assert outcome.unserved_stamps == 0
    assert 0.9 < outcome.paid / outcome.ordered <= 1
    assert outcome.served.count == outcome.stamped_stamps
    assert len(row(outcome)) == 7


def test_one_centre_without_a_queue_takes_money_and_does_not_stamp() -> None:
    outcome = _played(SURGE, Way.CENTRE)
    assert outcome.unserved_stamps == outcome.lost_stamps > 0
    assert outcome.stamped_stamps < 0.01 * STAMPS_A_PERSON * outcome.came


def test_set_before_the_day_nobody_is_turned_away() -> None:
    cold, warm = _played(SURGE, Way.COLD), _played(SURGE, Way.WARM)
    assert warm.left == 0
    assert warm.closed_s == 0
    assert sum(one.refused for one in warm.limits) < sum(one.refused for one in cold.limits)
    assert warm.served.quantile_s(0.99) < 300


def test_a_seed_plays_the_same_again() -> None:
    first = told(_played(CALM, Way.COLD))
    second, other = (told(play(CALM, Way.COLD, declared(), MEASURED, seed=seed)) for seed in (3, 4))
    assert first == second != other


def test_advice_raises_what_is_too_small_and_lowers_nothing() -> None:
    small = changes(declared(), _size(CALM, Way.WARM))
    large = changes(declared(), _size(SURGE, Way.WARM))
    assert {one.what for one in small} <= {one.what for one in large}
    assert all(one.before_the_day > one.now for one in (*small, *large))
    assert "quota of Cognito, UserCreation" in {one.where for one in large}
