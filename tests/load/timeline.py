"""What a buyer's page knew at the end: plain facts, sent from the load generator's process."""

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from tests.load.people import Person


class End(StrEnum):
    STAMPED = "stamped"
    ABANDONED = "abandoned"  # by choice
    NOT_ADMITTED = "not admitted"  # still in the waiting room at the end: nothing was paid
    NOT_SERVED = "not served"  # still waiting at the end; the drain finishes it
    REFUSED = "refused"  # by an unexpected answer


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate of the first poll, in seconds from `at_s` (Unix)."""

    at_s: float
    low_s: int
    high_s: int
    position: int | None


@dataclass(slots=True)
class Timeline:
    """Times are Unix seconds. `wrong`: what no buyer should ever see."""

    person: Person
    end: End = End.NOT_SERVED
    began_s: float = 0.0
    order_id: str | None = None
    ordered_s: float | None = None  # the payment instructions had arrived
    ticket_at_s: float | None = None  # a ticket of the waiting room was issued
    ticket_issued_at: str | None = None
    admitted_s: float | None = None
    pay_pressed_s: float | None = None
    stamping_id: str | None = None
    refund_id: str | None = None
    stamped_seen_s: float | None = None
    payment_estimate: Estimate | None = None
    stamping_estimate: Estimate | None = None
    ticket_estimate: Estimate | None = None
    found_again: int = 0  # tickets, orders and stampings, after the tab was closed
    answers: Counter[int] = field(default_factory=Counter)  # by status; 0: none
    polls_refused: int = 0
    wrong: list[str] = field(default_factory=list)
