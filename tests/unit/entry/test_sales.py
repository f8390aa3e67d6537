"""Sales: told where an instance sells a lot, or in a rush; else nobody calls."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.flow import Lane, Tally
from meterai.entry.sales import Sales

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@dataclass
class Till:
    told: list[Tally] = field(default_factory=list)
    fails: bool = False

    def tell(self, tally: Tally) -> None:
        self.told.append(tally)
        if self.fails:
            raise Unavailable(party="dynamodb")

    def sell(self, times_s: list[float], *, rush: bool = False) -> None:
        sales = Sales(lambda: self, instance="one")
        for time_s in times_s:
            sales.sold(2, NOW + timedelta(seconds=time_s), rush=rush)


def test_who_sells_little_tells_nothing() -> None:
    till = Till()
    till.sell([0.0, 1.5, 3.0, 4.5, 60.0, 61.0, 70.0])
    assert till.told == []


def test_who_sells_a_lot_tells_of_it_every_two_seconds() -> None:
    till = Till()
    till.sell([0.5 * n for n in range(9)])
    assert [(tally.lane, tally.taken, tally.accounts) for tally in till.told] == [
        (Lane.PURCHASES, 8, 4),
        (Lane.PURCHASES, 8, 4),
    ]


def test_in_a_rush_everybody_tells() -> None:
    till = Till()
    till.sell([0.0, 3.0, 6.0], rush=True)
    assert [tally.taken for tally in till.told] == [2, 2]


def test_a_tally_that_cannot_be_told_stops_no_sale() -> None:
    till = Till(fails=True)
    till.sell([0.0, 3.0], rush=True)
    assert len(till.told) == 1
