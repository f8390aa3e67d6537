"""`make capacity`: simulate every scenario with every variant; print and write the answers."""

import argparse
import json
import multiprocessing
import random
import sys
from dataclasses import asdict
from os import cpu_count
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from tests.capacity import document
from tests.capacity.advice import advised, changes
from tests.capacity.answers import HEADINGS, as_json, first_limit, length, row
from tests.capacity.cost import LEFT_OUT
from tests.capacity.curve import INFERRED, STAMPS_A_PERSON, hour_and_minute
from tests.capacity.load_run import LOAD, Comparison, compare
from tests.capacity.measured import TYPICAL, Measured, NotMeasured, measured
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.scenarios import LAST_HOURS, SURGE, WEEKS, quick, scenarios
from tests.capacity.simulation import Scenario, Variant, simulate
from tests.capacity.sizes import Size, declared
from tests.capacity.times import Times
from tests.tools.progress import Progress

OUT = Path(__file__).parents[2] / "out/capacity.json"
FACTORS = (0.5, 2.0, 4.0)  # of the latencies of AWS and the gateway
Task = tuple[Scenario, Variant, float]
Outcomes = dict[tuple[str, Variant, float], Outcome]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", type=Path, default=LOAD, help="what `make load` wrote")
    parser.add_argument("--expect", type=float, help="only what this many stamps a second need")
    parser.add_argument("--quick", action="store_true", help="one small scenario, in seconds")
    parser.add_argument("--write", action="store_true", help="write the table into README.md")
    options = parser.parse_args()
    console = Console(width=170)
    try:
        times = TYPICAL if options.quick else measured()
    except NotMeasured as missing:
        console.print(f"[red]{missing}[/red]")
        return 1
    if options.expect:
        _show_expected(console, options.expect, times, options.seed)
        return 0
    began_s = monotonic()
    chosen = [quick()] if options.quick else scenarios()
    tasks: list[Task] = [(scenario, variant, 1.0) for scenario in chosen for variant in Variant]
    if not options.quick:
        surge = next(one for one in chosen if one.name == SURGE)
        tasks += [(surge, Variant.PREPARED, factor) for factor in FACTORS]
    outcomes = _simulated(tasks, times, options.seed)
    _show(console, chosen, outcomes, times)
    if options.quick:
        return 0
    _show_latencies(console, outcomes)
    _show_load(console, compare(options.load))
    _write(outcomes, times)
    if options.write:
        document.write(outcomes)
    console.print(f"{monotonic() - began_s:.0f} s; out/capacity.json")
    return 0


def _simulated(tasks: list[Task], times: Measured, seed: int) -> Outcomes:
    """The long scenarios begin first."""
    ordered = sorted(tasks, key=lambda task: task[0].name not in (WEEKS, LAST_HOURS))
    outcomes: Outcomes = {}
    with (
        multiprocessing.get_context("fork").Pool(cpu_count()) as pool,
        Progress("capacity", len(ordered), "simulations") as progress,
    ):
        arguments = [(task, times, seed) for task in ordered]
        for key, outcome in pool.imap_unordered(_simulated_one, arguments):
            outcomes[key] = outcome
            progress.done += 1
    return outcomes


def _simulated_one(
    arguments: tuple[Task, Measured, int],
) -> tuple[tuple[str, Variant, float], Outcome]:
    (scenario, variant, factor), times, seed = arguments
    size = size_of(scenario, variant, times)
    outcome = simulate(scenario, variant, size, times, seed=seed, latency=factor)
    return (scenario.name, variant, factor), outcome


def size_of(scenario: Scenario, variant: Variant, times: Measured) -> Size:
    """What the template declares, or what is advised for the people that the scenario expects."""
    if variant is not Variant.PREPARED:
        return declared()
    drawn = Times(times, random.Random(0))
    return advised(declared(), scenario.expected_people_per_s, scenario.people, drawn)


def _show(console: Console, chosen: list[Scenario], outcomes: Outcomes, times: Measured) -> None:
    console.print(
        f"\n{INFERRED}\n{PEOPLE.never_pay:.0%} of the people never pay. Costs are {LEFT_OUT}.\n"
        "Payment to stamp does not include the people's own time in between.\n"
    )
    for scenario in chosen:
        table = Table(*HEADINGS, title=scenario.name, title_justify="left")
        for variant in Variant:
            table.add_row(*row(outcomes[scenario.name, variant, 1.0]))
        console.print(table)
        prepared = outcomes[scenario.name, Variant.PREPARED, 1.0]
        cost = prepared.usd / max(prepared.stamped_stamps, 1) * 1000
        console.print(
            f"Cost, set before the day: ${prepared.usd:,.0f}; ${cost:.3f} for 1,000 stamps."
        )
        _show_changes(console, scenario, times)


def _show_latencies(console: Console, outcomes: Outcomes) -> None:
    table = Table("latencies", "paid to stamped, p50 / p99", "stopped first by", "all done after")
    for factor in (1.0, *FACTORS):
        outcome = outcomes[SURGE, Variant.PREPARED, factor]
        waits = [length(outcome.served.quantile_s(share)) for share in (0.5, 0.99)]
        drained = "never" if outcome.drained_s is None else length(outcome.drained_s)
        table.add_row(f"x {factor:g}", " / ".join(waits), first_limit(outcome), drained)
    table.title = f"{SURGE}, set before the day, with other latencies"
    console.print(table)


def _show_changes(console: Console, scenario: Scenario, times: Measured) -> None:
    table = Table("what to set before the day", "where", "as deployed", "before the day")
    for one in changes(declared(), size_of(scenario, Variant.PREPARED, times)):
        table.add_row(one.what, one.where, f"{one.now:,.0f}", f"{one.before_the_day:,.0f}")
    console.print(table)
    console.print()


def _show_expected(console: Console, stamps_per_s: float, times: Measured, seed: int) -> None:
    """What to set for a minute at this rate, in an hour at a third of it; and does that do?"""
    name = f"{stamps_per_s:,.0f}/s for a minute, {stamps_per_s / 3:,.0f}/s for an hour"
    curve = hour_and_minute(name, stamps_per_s / 3, stamps_per_s)
    scenario = Scenario(name, curve, stamps_per_s / STAMPS_A_PERSON, cohort_size=25)
    _, outcome = _simulated_one(((scenario, Variant.PREPARED, 1.0), times, seed))
    table = Table(*HEADINGS, title=name, title_justify="left")
    table.add_row(*row(outcome))
    console.print(table)
    _show_changes(console, scenario, times)


def _show_load(console: Console, compared: Comparison | str) -> None:
    if isinstance(compared, str):
        console.print(compared)
        return
    table = Table(
        "stamping lane, wait in s", "measured by make load", "simulated", title_justify="left"
    )
    for name, measured_s in compared.measured_s.items():
        table.add_row(name, f"{measured_s:.2f}", f"{compared.simulated_s[name]:.2f}")
    console.print(table)


def _write(outcomes: Outcomes, times: Measured) -> None:
    answers = {
        "inferred": INFERRED,
        "cost": LEFT_OUT,
        "scenarios": [
            {
                "scenario": scenario.name,
                "before_the_day": [
                    asdict(change)
                    for change in changes(declared(), size_of(scenario, Variant.PREPARED, times))
                ],
                "variants": [as_json(outcomes[scenario.name, variant, 1.0]) for variant in Variant],
            }
            for scenario in scenarios()
        ],
        "latencies": [
            {"factor": factor, **as_json(outcomes[SURGE, Variant.PREPARED, factor])}
            for factor in FACTORS
        ],
    }
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
