"""One run of a story with its accidents, and all the runs with one accident each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.fakes.world import Moment
from tests.faults.accidents import Kind
from tests.faults.town import GaveUpError, Town
from tests.faults.use_cases import UseCase

Plan = Mapping[tuple[int, Moment], Kind]


@dataclass(frozen=True, slots=True)
class Run:
    """`calls`: the port calls in order. `wrong`: what should have held and did not."""

    calls: tuple[str, ...]
    wrong: tuple[str, ...]
    town: Town


def run(
    use_case: UseCase,
    plan: Plan | None = None,
    *,
    patient: bool = True,
    twice: bool = False,
    meanwhile: Callable[[Town], None] | None = None,
) -> Run:
    town = Town(plan, patient=patient, twice=twice, meanwhile=meanwhile)
    try:
        use_case(town)
    except GaveUpError:
        pass  # the buyer is gone; what was begun is the office's own business
    wrong = town.quiet()
    return Run(tuple(town.accidents.calls), tuple(wrong), town)


def single_accidents(calls: int) -> Iterator[Plan]:
    """A crash or a lost connection, before or after each call: 4n plans."""
    moments: tuple[Moment, Moment] = ("before", "after")
    for call in range(calls):
        for moment in moments:
            for kind in (Kind.CRASH, Kind.LOSS):
                yield {(call, moment): kind}


def meetings(calls: int) -> Iterator[Plan]:
    """Somebody else acts between two calls: n plans."""
    for call in range(calls):
        yield {(call, "before"): Kind.MEANWHILE}
