"""Two workers on one item, switched between at every port call."""

from collections import deque

from tests.faults.concurrent_scenarios import Encounter
from tests.faults.harness import Town
from tests.faults.scheduler import play, schedules


def interleave(encounter: Encounter) -> tuple[int, dict[tuple[int, ...], list[str]]]:
    """How many orders of their calls were played, and what went wrong in which.

    A worker makes more calls, or fewer, when the other has been faster: what its schedule does not
    foresee it does at the end.
    """
    first, second = (len_alone(encounter, number) for number in (0, 1))
    count, wrong = 0, {}
    for schedule in schedules(first, second):
        count += 1
        if found := met(encounter, schedule):
            wrong[schedule] = found
    return count, wrong


def met(encounter: Encounter, schedule: tuple[int, ...]) -> list[str]:
    town = Town()
    play(town.state, encounter(town), schedule)
    return town.quiet()


def len_alone(encounter: Encounter, number: int) -> int:
    """How many calls one of them makes when it comes first."""
    town = Town()
    acts = deque(encounter(town))
    acts.rotate(-number)
    return play(town.state, acts, ())[0]
