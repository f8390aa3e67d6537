"""The buyers and their habits, drawn from a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.load.arrivals import arrivals


class Habit(StrEnum):
    PLAIN = "plain"
    RELOADS = "reloads"  # polls repeatedly, whatever the answer says
    CLICKS_TWICE = "clicks twice"  # every button, at the same moment
    ABANDONS = "abandons"  # orders, and never pays
    PAYS_TWICE = "pays twice"
    CLOSES_THE_TAB = "closes the tab"  # and returns with what the page had stored
    GIVES_BACK = "gives one back"  # bought two, needed one


class Way(StrEnum):
    API = "API"  # an app's
    PAGES = "pages"  # with a browser without script


# Of those who may: on the pages there are as many e-meterai as documents, and none to give back.
ON_PAGES = 0.35  # a third of all
SHARES = {  # of a hundred; our choice, no figures of 2024 are published
    Habit.PLAIN: 46,
    Habit.RELOADS: 16,
    Habit.CLICKS_TWICE: 10,
    Habit.ABANDONS: 10,
    Habit.PAYS_TWICE: 3,
    Habit.CLOSES_THE_TAB: 10,
    Habit.GIVES_BACK: 5,
}


@dataclass(frozen=True, slots=True)
class Person:
    """`at_s`: after the start. `seed` determines all random choices of this person."""

    number: int
    at_s: float
    habit: Habit
    seed: int
    way: Way = Way.API

    @property
    def username(self) -> str:
        return f"pelamar-{self.number}@example.id"

    @property
    def quantity(self) -> int:
        return 2 if self.habit is Habit.GIVES_BACK else 1


def people(count: int, seconds: float, seed: int) -> Sequence[Person]:
    """In the order of arrival. The same seed makes the same people."""
    chance = random.Random(seed)
    habits = chance.choices([*SHARES], [*SHARES.values()], k=count)
    ways = random.Random(f"{seed} ways")
    return [
        Person(number, at_s, habit, chance.randrange(2**32), _way(habit, ways))
        for number, (at_s, habit) in enumerate(
            zip(arrivals(count, seconds, seed), habits, strict=True)
        )
    ]


def _way(habit: Habit, chance: random.Random) -> Way:
    may = habit is not Habit.GIVES_BACK
    return Way.PAGES if may and chance.random() < ON_PAGES else Way.API
