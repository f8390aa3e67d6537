"""One run of a story with its accidents, and all the runs with one accident each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import SENDS, Kind
from tests.faults.harness import Town
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
    wrong = town.outcome(use_case)
    return Run(tuple(town.accidents.calls), tuple(wrong), town)


def single_accidents(calls: Sequence[str]) -> Iterator[Plan]:
    """A crash or a lost connection, before or after each call: 4n plans."""
    moments: tuple[Moment, Moment] = ("before", "after")
    for number, _ in enumerate(calls):
        for moment in moments:
            for kind in (Kind.CRASH, Kind.LOSS):
                yield {(number, moment): kind}


def recoveries(first: Plan, calls: Sequence[str]) -> Iterator[Plan]:
    """A second accident at each call that was made after the first one, on either side."""
    (fell,) = first
    moments: tuple[Moment, Moment] = ("before", "after")
    for number in range(fell[0] + 1, len(calls)):
        for moment in moments:
            for kind in (Kind.CRASH, Kind.LOSS):
                yield {**first, (number, moment): kind}


def lost_messages(calls: Sequence[str]) -> Iterator[Plan]:
    """Each message once lost on its way, and once with the worker that had it in hand.

    Not a gateway's notice: it is queued before the gateway is thanked, and an order that is not
    pending has no clock to find its money by (the dead-letter queue's alarm has).
    """
    for number, call in enumerate(calls):
        if call in SENDS:
            yield {(number, "after"): Kind.LOST_LETTER}
        yield {(number, "before"): Kind.DEATH}
        yield {(number, "after"): Kind.DEATH}


def meetings(calls: Sequence[str]) -> Iterator[Plan]:
    """Somebody else acts between two calls: n plans."""
    for number, _ in enumerate(calls):
        yield {(number, "before"): Kind.MEANWHILE}


def wrong_of(
    use_case: UseCase,
    plans: Iterable[Plan],
    *,
    patient: bool = True,
    meanwhile: Callable[[Town], None] | None = None,
) -> tuple[int, dict[str, tuple[str, ...]]]:
    """How many plans were run, and what went wrong in which."""
    count, wrong = 0, {}
    for plan in plans:
        count += 1
        told = run(use_case, plan, patient=patient, meanwhile=meanwhile)
        if told.wrong:
            where = [f"{kind} {at} {told.calls[n]} ({n})" for (n, at), kind in plan.items()]
            wrong[", ".join(where)] = told.wrong
    return count, wrong
