"""One run of a script with its faults, and the plans of faults that a script is run with."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import SENDS, Kind
from tests.faults.harness import Harness
from tests.faults.scripts import Script

Plan = Mapping[tuple[int, Moment], Kind]
MOMENTS: tuple[Moment, Moment] = ("before", "after")
KINDS = (Kind.CRASH, Kind.LOST_CONNECTION)


@dataclass(frozen=True, slots=True)
class Run:
    """`calls`: the port calls in order. `wrong`: the violations."""

    calls: tuple[str, ...]
    wrong: tuple[str, ...]
    harness: Harness


def run(
    script: Script,
    plan: Plan | None = None,
    *,
    retries: bool = True,
    twice: bool = False,
    concurrent_action: Callable[[Harness], None] | None = None,
) -> Run:
    """`retries`: the buyer repeats unanswered requests. `twice`: every message is delivered
    twice."""
    harness = Harness(plan, retries=retries, twice=twice, concurrent_action=concurrent_action)
    wrong = harness.outcome(script)
    return Run(tuple(harness.injector.calls), tuple(wrong), harness)


def single_faults(calls: Sequence[str]) -> Iterator[Plan]:
    """A crash or a lost connection, before or after each call: 4n plans."""
    for number, _ in enumerate(calls):
        for moment in MOMENTS:
            for kind in KINDS:
                yield {(number, moment): kind}


def second_faults(first: Plan, calls: Sequence[str]) -> Iterator[Plan]:
    """A second fault at each call that was made after the first one, on either side."""
    ((first_call, _),) = first
    for number in range(first_call + 1, len(calls)):
        for moment in MOMENTS:
            for kind in KINDS:
                yield {**first, (number, moment): kind}


def lost_messages(calls: Sequence[str]) -> Iterator[Plan]:
    """Each message is lost once on its way, and once with the worker that holds it.

    Webhooks are excluded: a webhook is queued before the gateway gets its 200, and an order that is
    not pending has no timer that would find the money (the dead-letter queue's alarm would).
    """
    for number, call in enumerate(calls):
        if call in SENDS:
            yield {(number, "after"): Kind.LOST_SEND}
        for moment in MOMENTS:
            yield {(number, moment): Kind.LOST_DELIVERY}


def interruptions(calls: Sequence[str]) -> Iterator[Plan]:
    """Another actor acts between two calls: n plans."""
    for number, _ in enumerate(calls):
        yield {(number, "before"): Kind.CONCURRENT_ACTION}


def wrong_of(
    script: Script,
    plans: Iterable[Plan],
    *,
    retries: bool = True,
    concurrent_action: Callable[[Harness], None] | None = None,
) -> dict[str, tuple[str, ...]]:
    """What went wrong in which of the plans. At least one has to be run."""
    wrong, count = {}, 0
    for plan in plans:
        count += 1
        outcome = run(script, plan, retries=retries, concurrent_action=concurrent_action)
        if outcome.wrong:
            where = [f"{kind} {at} {outcome.calls[n]} ({n})" for (n, at), kind in plan.items()]
            wrong[", ".join(where)] = outcome.wrong
    assert count, "no plan was run"
    return wrong
