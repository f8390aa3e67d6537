"""The parts of a campaign, each a function of plain values, so that processes can share them."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from tests.faults.concurrent_scenarios import ENCOUNTERS
from tests.faults.interleavings import interleave
from tests.faults.meanwhile import MEANWHILE
from tests.faults.on_aws.runs import moto
from tests.faults.random_scenario import play
from tests.faults.run_report import ThroughputSample
from tests.faults.runs import Plan, lost_messages, meetings, recoveries, run, single_accidents
from tests.faults.use_cases import LOSABLE, USE_CASES
from tests.faults.webhooks import heard, orderings

Part = Callable[[], ThroughputSample]
WORLDS_A_PART = 250
FIRSTS_A_PART = 20
SHARES_ON_MOTO = 2


def parts(worlds: int, on_moto: int) -> Iterator[Part]:
    """The long ones first. `on_moto`: how many runs each of two shares has on moto."""
    for share in range(SHARES_ON_MOTO):
        yield partial(points_and_pairs_on_moto, share, on_moto)
    for number, use_case in enumerate(USE_CASES):
        firsts = 4 * len(run(use_case).calls)
        for start in range(0, firsts, FIRSTS_A_PART):
            yield partial(pairs, number, start, start + FIRSTS_A_PART)
    for start in range(0, worlds, WORLDS_A_PART):
        yield partial(worlds_from, start, min(worlds, start + WORLDS_A_PART))
    for number, _ in enumerate(USE_CASES):
        yield partial(points, number)
    for number, _ in enumerate(ENCOUNTERS):
        yield partial(interleavings, number)
    yield orderings_of_notices


def points(number: int) -> ThroughputSample:
    """Of one use case: one accident each, a message lost, somebody else between two calls."""
    tally, use_case = ThroughputSample(), USE_CASES[number]
    calls = run(use_case).calls
    for plan in single_accidents(calls):
        for patient in (True, False):
            tally.ran("points", plan, run(use_case, plan, patient=patient), use_case.__name__)
    for plan in lost_messages(calls) if use_case in LOSABLE else ():
        tally.ran("lost_messages", plan, run(use_case, plan), use_case.__name__)
    for meanwhile in MEANWHILE:
        for plan in meetings(calls):
            told = run(use_case, plan, meanwhile=meanwhile)
            where = f"{use_case.__name__}, {meanwhile.__name__}"
            tally.ran("meetings", plan, told, where)
    return tally


def pairs(number: int, start: int, end: int) -> ThroughputSample:
    """All second accidents after some of the first ones."""
    tally, use_case = ThroughputSample(), USE_CASES[number]
    for first in islice(single_accidents(run(use_case).calls), start, end):
        for plan in recoveries(first, run(use_case, first).calls):
            tally.ran("pairs", plan, run(use_case, plan), use_case.__name__)
    return tally


def worlds_from(start: int, end: int) -> ThroughputSample:
    tally = ThroughputSample()
    for seed in range(start, end):
        played = play(seed)
        tally.counts["worlds"] += 1
        tally.faults.update(played.happened)
        tally.found(played.wrong, f"`{played.replay}`")
    return tally


def interleavings(number: int) -> ThroughputSample:
    tally = ThroughputSample()
    count, wrong = interleave(ENCOUNTERS[number])
    tally.counts["interleavings"] = count
    for schedule, found in wrong.items():
        tally.found(found, f"{ENCOUNTERS[number].__name__} {schedule}")
    return tally


def orderings_of_notices() -> ThroughputSample:
    tally = ThroughputSample()
    for ordering in orderings():
        tally.counts["orderings_of_notices"] += 1
        for at_once in (True, False):
            tally.found(heard(ordering, at_once=at_once), f"notices {ordering}, {at_once=}")
    return tally


def points_and_pairs_on_moto(share: int, runs: int) -> ThroughputSample:
    """A sample, always the same: of five runs four with one accident, the fifth with a second."""
    tally, chance = ThroughputSample(), random.Random(share)
    plans: list[tuple[int, Plan]] = []
    with moto() as aws:
        for number, use_case in list(enumerate(USE_CASES))[share::SHARES_ON_MOTO]:
            plans += ((number, plan) for plan in single_accidents(aws.run(use_case).calls))
        tally.counts["points_on_moto_there_are"] = len(plans)
        while tally.counts["points_on_moto"] + tally.counts["pairs_on_moto"] < runs:
            number, first = plans.pop(chance.randrange(len(plans)))
            use_case = USE_CASES[number]
            told = aws.run(use_case, first)
            tally.ran("points_on_moto", first, told, use_case.__name__)
            seconds = list(recoveries(first, told.calls))
            if seconds and tally.counts["points_on_moto"] % 4 == 0:
                plan = chance.choice(seconds)
                tally.ran("pairs_on_moto", plan, aws.run(use_case, plan), use_case.__name__)
    return tally
