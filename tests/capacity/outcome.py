"""What became of the people of one run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.capacity.waits import Waits


@dataclass(frozen=True, slots=True)
class LimitMet:
    """A limit, what was asked of it in its busiest interval, and when it first refused."""

    name: str
    per_s: float
    peak_per_s: float
    refused: float
    first_s: float | None


@dataclass(slots=True)
class Series:
    """Over time, for the plots: names are those of `add`."""

    values: dict[str, list[float]] = field(default_factory=dict)

    def add(self, **samples: float) -> None:
        for name, value in samples.items():
            self.values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> list[float]:
        return self.values[name]

    def rate(self, name: str) -> list[float]:
        """Of a count that grows: how much a second between two samples."""
        at, counts = [0.0, *self.values["at_s"]], [0.0, *self.values[name]]
        return [
            (counts[place] - counts[place - 1]) / (at[place] - at[place - 1])
            for place in range(1, len(at))
        ]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts are of people, unless they say stamps. `unserved_stamps`: paid for and not stamped at
    the end; `lost_stamps`: those of them that never will be. `served`: from payment to stamp,
    without the time that people took themselves in between."""

    scenario: str
    way: str
    came: int
    ordered: int
    paid: int
    left: int
    stamped_stamps: int
    lost_stamps: int
    unserved_stamps: int
    stamped_by_deadline: int
    served: Waits
    dwells: Waits
    most_waiting: int
    most_in_room: int
    closed_s: float
    drained_s: float | None
    limits: list[LimitMet]
    most_running: Mapping[str, int]
    dead: int
    usd: float
    series: Series
