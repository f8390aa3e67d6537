"""`make capacity`: plays every scenario in every way; prints, draws and keeps the answers."""

import argparse
import json
import multiprocessing
import random
import sys
from os import cpu_count
from pathlib import Path
from time import monotonic

from rich.console import Console
from rich.table import Table

from tests.capacity import kept
from tests.capacity.advice import advised, changes
from tests.capacity.answers import HEADINGS, changes_told, first_limit, length, row, told
from tests.capacity.cost import LEFT_OUT
from tests.capacity.curve import INFERRED, STAMPS_A_PERSON, hour_and_minute
from tests.capacity.load_run import LOAD, Comparison, compare
from tests.capacity.measured import Measured, NotMeasured, measured
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.play import Scenario, Way, play
from tests.capacity.plots import draw
from tests.capacity.scenarios import LAST_HOURS, SURGE, WEEKS, scenarios
from tests.capacity.sizes import Size, declared
from tests.capacity.times import Times

OUT = Path(__file__).parents[2] / "out"
FACTORS = (0.5, 2.0, 4.0)  # of the outside parties' latencies
Task = tuple[str, Way, float]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--load", type=Path, default=LOAD, help="what `make load` wrote")
    parser.add_argument("--expect", type=float, help="only what so many stamps a second need")
    parser.add_argument("--keep", action="store_true", help="for the README, in tests/capacity")
    wanted = parser.parse_args()
    console = Console(width=170)
    try:
        times = measured()
    except NotMeasured as missing:
        console.print(f"[red]{missing}[/red]")
        return 1
    if wanted.expect:
        _show_expected(console, wanted.expect, times, wanted.seed)
        return 0
    began = monotonic()
    tasks: list[Task] = [(one.name, way, 1.0) for one in scenarios() for way in Way]
    tasks += [(SURGE, Way.WARM, factor) for factor in FACTORS]
    tasks.sort(
        key=lambda task: (task[0] not in (WEEKS, LAST_HOURS), task[0])
    )  # the long ones first
    with multiprocessing.get_context("fork").Pool(cpu_count()) as pool:
        arguments = [(task, times, wanted.seed) for task in tasks]
        outcomes = dict(zip(tasks, pool.starmap(_played, arguments, chunksize=1), strict=True))
    _show(console, outcomes, times)
    _show_load(console, compare(wanted.load))
    _write(outcomes, times)
    for scenario in scenarios():
        draw(scenario, [outcomes[scenario.name, way, 1.0] for way in Way], OUT / "capacity")
    if wanted.keep:
        kept.keep(outcomes)
    console.print(f"{monotonic() - began:.0f} s; out/capacity.json, pictures in out/capacity/")
    return 0


def _played(task: Task, times: Measured, seed: int) -> Outcome:
    name, way, factor = task
    scenario = next(one for one in scenarios() if one.name == name)
    return play(scenario, way, size_of(scenario, way, times), times, seed=seed, latency=factor)


def size_of(scenario: Scenario, way: Way, times: Measured) -> Size:
    """What the template declares, or what is advised for as many as the scenario expects."""
    if way is not Way.WARM:
        return declared()
    drawn = Times(times, random.Random(0))
    return advised(declared(), scenario.expected_people_per_s, scenario.people, drawn)


def _show(console: Console, outcomes: dict[Task, Outcome], times: Measured) -> None:
    console.print(
        f"\n{INFERRED}\n{PEOPLE.never_pay:.0%} never pay what they ordered. Cost is {LEFT_OUT}.\n"
        "From paid to stamped is without the time that people take themselves in between.\n"
    )
    for scenario in scenarios():
        table = Table(*HEADINGS, title=scenario.name, title_justify="left")
        for way in Way:
            table.add_row(*row(outcomes[scenario.name, way, 1.0]))
        console.print(table)
        warm = outcomes[scenario.name, Way.WARM, 1.0]
        cost = warm.usd / max(warm.stamped_stamps, 1) * 1000
        console.print(f"Cost, set before the day: ${warm.usd:,.0f}; ${cost:.3f} for 1,000 stamps.")
        _show_changes(console, scenario, times)
    table = Table("latencies", "paid to stamped, p50 / p99", "stopped first by", "all done after")
    for factor in (1.0, *FACTORS):
        outcome = outcomes[SURGE, Way.WARM, factor]
        waits = [length(outcome.served.quantile_s(share)) for share in (0.5, 0.99)]
        drained = "never" if outcome.drained_s is None else length(outcome.drained_s)
        table.add_row(f"x {factor:g}", " / ".join(waits), first_limit(outcome), drained)
    table.title = f"{SURGE}, set before the day, with other latencies"
    console.print(table)


def _show_changes(console: Console, scenario: Scenario, times: Measured) -> None:
    before = changes(declared(), size_of(scenario, Way.WARM, times))
    table = Table("what to set before the day", "where", "as deployed", "before the day")
    for one in before:
        table.add_row(one.what, one.where, f"{one.now:,.0f}", f"{one.before_the_day:,.0f}")
    console.print(table)
    console.print()


def _show_expected(console: Console, stamps_per_s: float, times: Measured, seed: int) -> None:
    """What to set for a minute of so many, in an hour of a third of it; and whether that does."""
    name = f"{stamps_per_s:,.0f}/s for a minute, {stamps_per_s / 3:,.0f}/s for an hour"
    curve = hour_and_minute(name, stamps_per_s / 3, stamps_per_s)
    scenario = Scenario(name, curve, stamps_per_s / STAMPS_A_PERSON, grain=25)
    outcome = play(scenario, Way.WARM, size_of(scenario, Way.WARM, times), times, seed=seed)
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


def _write(outcomes: dict[Task, Outcome], times: Measured) -> None:
    answers = {
        "inferred": INFERRED,
        "cost": LEFT_OUT,
        "scenarios": [
            {
                "scenario": scenario.name,
                "before_the_day": changes_told(
                    changes(declared(), size_of(scenario, Way.WARM, times))
                ),
                "ways": [told(outcomes[scenario.name, way, 1.0]) for way in Way],
            }
            for scenario in scenarios()
        ],
        "latencies": [
            {"factor": factor, **told(outcomes[SURGE, Way.WARM, factor])} for factor in FACTORS
        ],
    }
    OUT.mkdir(exist_ok=True)
    (OUT / "capacity.json").write_text(json.dumps(answers, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
