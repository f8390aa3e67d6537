"""Two workers on one item, alternating at every port call."""

from collections import deque
from itertools import islice

from tests.faults.concurrent_scenarios import ConcurrentScenario
from tests.faults.harness import Harness
from tests.faults.scheduler import run_schedule, schedules


def interleave(
    scenario: ConcurrentScenario, every: int = 1
) -> tuple[int, dict[tuple[int, ...], list[str]]]:
    """How many orders of their calls were run, one of `every`, and what went wrong in which.

    A worker makes more calls, or fewer, when the other one was faster. Calls beyond its schedule
    are made at the end.
    """
    first, second = (count_calls_alone(scenario, number) for number in (0, 1))
    played = {
        schedule: outcome_of(scenario, schedule)
        for schedule in islice(schedules(first, second), 0, None, every)
    }
    return len(played), {schedule: wrong for schedule, wrong in played.items() if wrong}


def outcome_of(scenario: ConcurrentScenario, schedule: tuple[int, ...]) -> list[str]:
    """What is wrong once no work is left."""
    harness = Harness()
    run_schedule(harness.state, scenario(harness), schedule)
    return harness.run_until_idle()


def count_calls_alone(scenario: ConcurrentScenario, number: int) -> int:
    """How many port calls one of the two makes when it runs first."""
    harness = Harness()
    acts = deque(scenario(harness))
    acts.rotate(-number)
    return run_schedule(harness.state, acts, ())[0]
