"""What a buyer's page knew at the end: plain facts, told from the crowd's process to the other."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from tests.load.people import Person


class End(StrEnum):
    STAMPED = "stamped"
    ABANDONED = "abandoned"  # of his own will
    NOT_LET_IN = "not let in"  # still in the waiting room when the office closed: nothing was paid
    NOT_SERVED = "not served"  # still waiting for it, in the end; the aftermath tells
    REFUSED = "refused"  # by an answer that nobody foresaw


@dataclass(frozen=True, slots=True)
class Told:
    """An estimate, as it was told on the first look: seconds from `at_s` (Unix)."""

    at_s: float
    low_s: int
    high_s: int
    position: int | None


@dataclass(slots=True)
class Story:
    """Times are Unix seconds. `wrong`: what no buyer should ever see."""

    person: Person
    end: End = End.NOT_SERVED
    began_s: float = 0.0
    order_id: str | None = None
    ordered_s: float | None = None  # how to pay was in hand
    place_at_s: float | None = None  # a place in the waiting room was taken
    place_issued_at: str | None = None
    let_in_s: float | None = None
    pay_pressed_s: float | None = None
    stamping_id: str | None = None
    refund_id: str | None = None
    stamped_seen_s: float | None = None
    payment_told: Told | None = None
    stamping_told: Told | None = None
    place_told: Told | None = None
    found_again: int = 0  # places, orders and stampings, after the tab was closed
    answers: Counter[int] = field(default_factory=Counter)  # by status; 0: none
    polls_refused: int = 0
    wrong: list[str] = field(default_factory=list)
