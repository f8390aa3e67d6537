"""Who bought on the pages beside who bought by the API."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tests.load.figures import Run, Waits, quantiles
from tests.load.people import Way
from tests.load.timeline import End


@dataclass(frozen=True, slots=True)
class WayFigures:
    """`waits`: seconds, by what was waited for. `own_ms`: of a processor a buyer, in the functions
    that serve this way alone; those of the API serve the pages' buyers as well, behind them."""

    buyers: int
    stamped: int
    answers: Mapping[int, int]
    waits: Mapping[str, Waits]
    own_ms: float | None

    @property
    def requests(self) -> int:
        return sum(self.answers.values())


def by_way(run: Run) -> Mapping[Way, WayFigures]:
    return {way: _of(way, run) for way in Way}


def _of(way: Way, run: Run) -> WayFigures:
    timelines = [one for one in run.timelines if one.person.way is way]
    pages_s = run.recorder.spent_s()["pages"] if way is Way.PAGES else None
    return WayFigures(
        buyers=len(timelines),
        stamped=sum(one.end is End.STAMPED for one in timelines),
        answers=sum((one.answers for one in timelines), Counter[int]()),
        waits={
            "arrival to code": quantiles(
                one.ordered_s - one.began_s for one in timelines if one.ordered_s is not None
            ),
            "waiting room": quantiles(
                one.admitted_s - one.ticket_at_s
                for one in timelines
                if one.ticket_at_s is not None and one.admitted_s is not None
            ),
            "payment to file seen": quantiles(
                one.stamped_seen_s - one.pay_pressed_s
                for one in timelines
                if one.stamped_seen_s is not None and one.pay_pressed_s is not None
            ),
        },
        own_ms=None if pages_s is None else round(1000 * pages_s / max(1, len(timelines))),
    )


def show_ways(run: Run) -> None:
    for way, one in by_way(run).items():
        statuses = ", ".join(
            f"{count:,} x {status or 'none'}" for status, count in sorted(one.answers.items())
        )
        own = "" if one.own_ms is None else f"; {one.own_ms:.0f} ms of the pages' functions a buyer"
        print(f"{way}: {one.buyers:,} buyers, {one.stamped:,} saw their stamp{own}")
        each = one.requests / max(1, one.buyers)
        print(f"  {one.requests:,} requests, {each:.0f} a buyer: {statuses}")
        waits = [f"{what} {w['p50']:.0f}/{w['p95']:.0f}" for what, w in one.waits.items() if w]
        print(f"  p50/p95 in s: {', '.join(waits)}")


def written_ways(run: Run) -> dict[str, Any]:
    return {str(way): asdict(one) for way, one in by_way(run).items()}
