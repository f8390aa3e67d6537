"""Small scenarios with every variant: no payment is lost, and a seed repeats its results."""

import random
from functools import cache

import pytest

from tests.capacity.advice import advised, changes
from tests.capacity.answers import HEADINGS, as_json, row
from tests.capacity.curve import STAMPS_A_PERSON, Curve
from tests.capacity.measured import TYPICAL
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.simulation import Scenario, Variant, simulate
from tests.capacity.sizes import Size, declared
from tests.capacity.times import Times

CALM = Scenario("calm", Curve("calm", (0, 120), (2,)), 2, cohort_size=1)
SURGE = Scenario("surge", Curve("surge", (0, 60), (200,)), 200, cohort_size=25, bulk=((30, 1_000),))


def _size(scenario: Scenario, variant: Variant) -> Size:
    times = Times(TYPICAL, random.Random(0))
    expected = scenario.expected_people_per_s
    if variant is Variant.PREPARED:
        return advised(declared(), expected, PEOPLE, times)
    return declared()


@cache
def _simulated(scenario: Scenario, variant: Variant) -> Outcome:
    return simulate(scenario, variant, _size(scenario, variant), TYPICAL, seed=3)


@pytest.mark.parametrize("variant", Variant)
@pytest.mark.parametrize("scenario", [CALM, SURGE], ids=lambda one: one.name)
def test_all_who_paid_are_stamped(scenario: Scenario, variant: Variant) -> None:
    outcome = _simulated(scenario, variant)
    assert outcome.drained_s is not None
    assert outcome.came == outcome.ordered + outcome.left
    assert outcome.stamped_stamps == STAMPS_A_PERSON * outcome.paid
    assert outcome.unserved_stamps == 0
    assert 0.9 < outcome.paid / outcome.ordered <= 1
    assert outcome.served.count == outcome.stamped_stamps
    assert len(row(outcome)) == len(HEADINGS)


def test_one_queue_for_all_makes_applicants_wait_for_bulk() -> None:
    one_queue, lanes = (
        _simulated(SURGE, variant) for variant in (Variant.ONE_QUEUE, Variant.AS_DEPLOYED)
    )
    assert one_queue.served.quantile_s(0.99) > lanes.served.quantile_s(0.99)


def test_with_settings_made_before_the_day_nobody_is_turned_away() -> None:
    deployed, prepared = (
        _simulated(SURGE, variant) for variant in (Variant.AS_DEPLOYED, Variant.PREPARED)
    )
    assert prepared.left == 0
    assert prepared.closed_s == 0
    refused = [sum(limit.refused for limit in one.limits) for one in (prepared, deployed)]
    assert refused[0] < refused[1]
    assert prepared.served.quantile_s(0.99) < 300


def test_a_seed_repeats_its_results() -> None:
    first = as_json(_simulated(CALM, Variant.AS_DEPLOYED))
    second, other = (
        as_json(simulate(CALM, Variant.AS_DEPLOYED, declared(), TYPICAL, seed=seed))
        for seed in (3, 4)
    )
    assert first == second != other


def test_advice_raises_what_is_too_small_and_lowers_nothing() -> None:
    small = changes(declared(), _size(CALM, Variant.PREPARED))
    large = changes(declared(), _size(SURGE, Variant.PREPARED))
    assert {one.what for one in small} <= {one.what for one in large}
    assert all(one.before_the_day > one.now for one in (*small, *large))
    assert "quota of Cognito, UserCreation" in {one.where for one in large}
