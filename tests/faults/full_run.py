"""The parts of a full run, each a function of plain values, so that processes can share them."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from tests.faults.concurrent_actions import CONCURRENT_ACTIONS
from tests.faults.concurrent_scenarios import CONCURRENT_SCENARIOS
from tests.faults.interleavings import interleave
from tests.faults.on_aws.runs import moto
from tests.faults.random_scenario import run_scenario
from tests.faults.run_report import RunReport
from tests.faults.runs import (
    Plan,
    interruptions,
    lost_messages,
    run,
    second_faults,
    single_faults,
)
from tests.faults.scripts import SCRIPTS, SCRIPTS_WITH_LOSABLE_MESSAGES
from tests.faults.webhooks import deliver_webhooks, orderings

Part = Callable[[], RunReport]
SCENARIOS_A_PART = 250
FIRSTS_A_PART = 20
SHARES_ON_MOTO = 2


@dataclass(frozen=True, slots=True)
class Size:
    """`every`: one of so many plans is run; odd, so that it includes every kind on either side
    of a call. `scenarios`: the number of seeds. `on_moto`: the number of runs that each of two
    shares has there, on so many of its scripts."""

    every: int
    scenarios: int
    on_moto: int
    scripts_on_moto: int | None = None


WHOLE = Size(every=1, scenarios=10_000, on_moto=150)
QUICK = Size(every=151, scenarios=20, on_moto=2, scripts_on_moto=1)


def parts(size: Size) -> Iterator[Part]:
    """The longest first."""
    for share in range(SHARES_ON_MOTO):
        yield partial(points_and_pairs_on_moto, share, size)
    for number, script in enumerate(SCRIPTS):
        firsts = 4 * len(run(script).calls)
        step = FIRSTS_A_PART * size.every
        for start in range(0, firsts, step):
            yield partial(pairs, number, start, start + step, size.every)
    for start in range(0, size.scenarios, SCENARIOS_A_PART):
        yield partial(random_scenarios, start, min(size.scenarios, start + SCENARIOS_A_PART))
    for number, _ in enumerate(SCRIPTS):
        yield partial(points, number, size.every)
    for number, _ in enumerate(CONCURRENT_SCENARIOS):
        yield partial(interleavings, number, size.every)
    yield partial(webhook_orderings, size.every)


def points(number: int, every: int) -> RunReport:
    """Of one script: one fault each, a lost message, another actor between two calls."""
    report, script = RunReport(), SCRIPTS[number]
    calls = run(script).calls
    for plan in islice(single_faults(calls), 0, None, every):
        for retries in (True, False):
            report.ran("points", plan, run(script, plan, retries=retries), script.__name__)
    if script in SCRIPTS_WITH_LOSABLE_MESSAGES:
        for plan in islice(lost_messages(calls), 0, None, every):
            report.ran("lost_messages", plan, run(script, plan), script.__name__)
    for action in CONCURRENT_ACTIONS:
        for plan in islice(interruptions(calls), 0, None, every):
            outcome = run(script, plan, concurrent_action=action)
            report.ran("interruptions", plan, outcome, f"{script.__name__}, {action.__name__}")
    return report


def pairs(number: int, start: int, end: int, every: int) -> RunReport:
    """All second faults after some of the first ones."""
    report, script = RunReport(), SCRIPTS[number]
    for first in islice(single_faults(run(script).calls), start, end, every):
        plans = second_faults(first, run(script, first).calls)
        for plan in islice(plans, 0, None, every):
            report.ran("pairs", plan, run(script, plan), script.__name__)
    return report


def random_scenarios(start: int, end: int) -> RunReport:
    report = RunReport()
    for seed in range(start, end):
        result = run_scenario(seed)
        report.counts["random_scenarios"] += 1
        report.faults.update(result.happened)
        report.found(result.wrong, f"`{result.replay}`")
    return report


def interleavings(number: int, every: int) -> RunReport:
    report, scenario = RunReport(), CONCURRENT_SCENARIOS[number]
    report.counts["interleavings"], wrong = interleave(scenario, every)
    for schedule, found in wrong.items():
        report.found(found, f"{scenario.__name__} {schedule}")
    return report


def webhook_orderings(every: int) -> RunReport:
    report = RunReport()
    for ordering in islice(orderings(), 0, None, every):
        report.counts["webhook_orderings"] += 1
        for at_once in (True, False):
            where = f"webhooks {ordering}, {at_once=}"
            report.found(deliver_webhooks(ordering, at_once=at_once), where)
    return report


def points_and_pairs_on_moto(share: int, size: Size) -> RunReport:
    """A sample, always the same: four of five runs have one fault, the fifth has a second."""
    report, chance = RunReport(), random.Random(share)
    plans: list[tuple[int, Plan]] = []
    scripts = list(enumerate(SCRIPTS))[share::SHARES_ON_MOTO][: size.scripts_on_moto]
    with moto() as aws:
        for number, script in scripts:
            plans += ((number, plan) for plan in single_faults(aws.run(script).calls))
        report.counts["points_on_moto_there_are"] = len(plans)
        while report.counts["points_on_moto"] + report.counts["pairs_on_moto"] < size.on_moto:
            number, first = plans.pop(chance.randrange(len(plans)))
            script = SCRIPTS[number]
            outcome = aws.run(script, first)
            report.ran("points_on_moto", first, outcome, script.__name__)
            seconds = list(second_faults(first, outcome.calls))
            if seconds and report.counts["points_on_moto"] % 4 == 0:
                plan = chance.choice(seconds)
                report.ran("pairs_on_moto", plan, aws.run(script, plan), script.__name__)
    return report
