"""The outcome of one simulated scenario."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.capacity.waits import Waits


@dataclass(frozen=True, slots=True)
class LimitMet:
    """A limit, the demand in its busiest interval, and when it first refused."""

    name: str
    per_s: float
    peak_per_s: float
    refused: float
    first_s: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts are of people, unless a name says stamps. `unserved_stamps`: paid and not stamped at
    the end. `served`: from payment to stamp, without the people's own time in between.
    `busy_share`: of the time in which people waited outside, None if none did."""

    scenario: str
    variant: str
    came: int
    ordered: int
    paid: int
    left: int
    stamped_stamps: int
    unserved_stamps: int
    stamped_by_deadline: int
    served: Waits
    dwells: Waits
    max_waiting: int
    max_in_room: int
    busy_share: float | None
    closed_s: float
    drained_s: float | None
    limits: list[LimitMet]
    max_running: Mapping[str, int]
    dead: int
    usd: float
