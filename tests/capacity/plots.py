"""The runs as pictures: arrivals, backlogs, waits, units and cost; SVG and PNG of each scenario."""

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from tests.capacity.curve import INFERRED, OPENED
from tests.capacity.outcome import Outcome, Series
from tests.capacity.play import Scenario, Way

mpl.use("Agg")
mpl.rcParams["svg.fonttype"] = "none"  # text stays text: smaller, and it can be searched
mpl.rcParams["svg.hashsalt"] = "meterai"  # the same run, the same file
COLOURS: Mapping[str, str] = {  # Okabe and Ito's, which the colour-blind can tell apart
    Way.CENTRE: "#D55E00",
    Way.ONE_QUEUE: "#E69F00",
    Way.COLD: "#56B4E9",
    Way.WARM: "#0072B2",
}
POINTS = 180  # of a line: more is not seen
INK, GRID = "#333333", "#DDDDDD"


def draw(scenario: Scenario, outcomes: Sequence[Outcome], folder: Path) -> list[Path]:
    """`scenario` played in several ways; the files written."""
    outcomes = _shown(scenario, outcomes)
    figure = Figure(figsize=(11, 13), layout="constrained")
    axes = figure.subplots(5, 1, sharex=True)
    figure.suptitle(scenario.name[0].upper() + scenario.name[1:], fontsize=14, x=0.02, ha="left")
    _rates(axes[0], outcomes)
    _without(axes[1], outcomes)
    _waits(axes[2], outcomes)
    _lanes(axes[3], outcomes)
    _cost(axes[4], outcomes)
    _time(axes[-1], scenario, outcomes)
    figure.text(0.02, -0.02, INFERRED, fontsize=8, color=INK, wrap=True)
    return _saved(figure, folder / _file_name(scenario.name), ("svg", "png"))


def draw_small(scenario: Scenario, outcomes: Sequence[Outcome], path: Path) -> Path:
    """For the README: three panels, few points."""
    outcomes = _shown(scenario, outcomes)
    figure = Figure(figsize=(9, 7.5), layout="constrained")
    axes = figure.subplots(3, 1, sharex=True)
    figure.suptitle(scenario.name[0].upper() + scenario.name[1:], fontsize=12, x=0.02, ha="left")
    _rates(axes[0], outcomes)
    _without(axes[1], outcomes)
    _waits(axes[2], outcomes)
    _time(axes[-1], scenario, outcomes)
    return _saved(figure, path.with_suffix(""), ("svg",))[0]


def _shown(scenario: Scenario, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Their beginnings: until ours, set before the day, have all done, and somewhat longer."""
    ends_s = scenario.curve.ends_s
    drained_s = [one.drained_s for one in outcomes if one.way == Way.WARM and one.drained_s]
    until_s = max([1.4 * ends_s, *(ends_s + 1.1 * drained for drained in drained_s)])
    return [
        replace(
            one,
            series=Series(
                {
                    name: values[: bisect_right(one.series["at_s"], until_s)]
                    for name, values in one.series.values.items()
                }
            ),
        )
        for one in outcomes
    ]


def _rates(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    longest = max(outcomes, key=lambda one: len(one.series["at_s"]))
    at, offered = _thinned(longest.series["at_s"], longest.series["offered"], highest=True)
    axes.fill_between(at, offered, color="#BBBBBB", step="pre", label="asked for", linewidth=0)
    for outcome in outcomes:
        _line(axes, outcome, outcome.series.rate("stamped"), outcome.way)
    axes.figure.legend(
        loc="outside lower left", fontsize=8, frameon=False, ncols=5, handlelength=1.5
    )
    _finish(axes, "e-meterai a second: asked for (grey), stamped")


def _without(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        _line(axes, outcome, outcome.series["without"])
    axes.set_yscale("symlog", linthresh=100)
    _finish(axes, "people who came and have no stamp: still on their way, waiting, or gone home")


def _waits(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    for outcome in outcomes:
        _line(axes, outcome, outcome.series["wait_s"])
    axes.set_yscale("log")
    axes.set_yticks([0.1, 1, 10, 60, 600, 3600], ["0.1 s", "1 s", "10 s", "1 min", "10 min", "1 h"])
    axes.minorticks_off()
    _finish(
        axes,
        "from payment to stamp, p90 of the last ones (without their own time to upload)",
    )


def _lanes(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    styles = {"stamping_waiting": "-", "payments_waiting": ":", "room": "--"}
    names = {
        "stamping_waiting": "stamping",
        "payments_waiting": "payments",
        "room": "people waiting to buy",
    }
    for outcome in outcomes:
        if outcome.way in (Way.COLD, Way.WARM):
            for name, style in styles.items():
                _line(axes, outcome, outcome.series[name], style=style)
    for name, style in styles.items():
        axes.plot([], [], style, color=INK, linewidth=1.2, label=names[name])
    axes.set_yscale("symlog", linthresh=100)
    axes.legend(loc="lower right", bbox_to_anchor=(1, 0.98), fontsize=8, frameon=False, ncols=3)
    _finish(axes, "our lanes: what waits in them")


def _cost(axes: Axes, outcomes: Sequence[Outcome]) -> None:
    money = axes.twinx()
    for outcome in outcomes:
        if outcome.way in (Way.COLD, Way.WARM):
            _line(axes, outcome, outcome.series.rate("writes"))
            _line(money, outcome, outcome.series["usd"], style="--")
    money.set_ylabel("US$ so far (dashed)", fontsize=8)
    money.tick_params(labelsize=8, length=0)
    money.set_ylim(bottom=0)
    for side in money.spines.values():
        side.set_visible(False)
    _finish(axes, "our lanes: DynamoDB write units a second; cost at list prices")


def _line(
    axes: Axes,
    outcome: Outcome,
    values: Sequence[float],
    label: str | None = None,
    style: str = "-",
) -> None:
    at, thinned = _thinned(outcome.series["at_s"], values)
    axes.plot(at, thinned, style, color=COLOURS[outcome.way], linewidth=1.4, label=label)


def _finish(axes: Axes, title: str) -> None:
    axes.set_title(title, fontsize=9, loc="left", color=INK)
    if axes.get_yscale() == "log":
        axes.set_ylim(0.1, 3 * 3_600)
    else:
        axes.set_ylim(0, max(axes.get_ylim()[1], 100) if axes.get_yscale() == "symlog" else None)
    axes.grid(axis="y", color=GRID, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(labelsize=8, length=0)
    if axes.get_yscale() != "log":
        axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def _time(axes: Axes, scenario: Scenario, outcomes: Sequence[Outcome]) -> None:
    """Dates, hours of the day or minutes, as the scenario is long."""
    ends_s = scenario.curve.ends_s
    last_s = max(outcome.series["at_s"][-1] for outcome in outcomes)
    axes.set_xlim(0, last_s)
    if ends_s > 5 * 86_400:
        days = range(0, round(ends_s / 86_400) + 1, 3)
        dates = [(OPENED + timedelta(days=day)).strftime("%d %b") for day in days]
        axes.set_xticks([day * 86_400 for day in days], dates)
    elif scenario.curve.deadline_s is not None:
        hours = range(round(axes.get_xlim()[1] / 3_600) + 1)
        axes.set_xticks(
            [hour * 3_600 for hour in hours], [f"{(16 + hour) % 24}:00" for hour in hours]
        )
    else:
        minutes = range(0, round(axes.get_xlim()[1] / 60) + 1, 10)
        axes.set_xticks(
            [minute * 60 for minute in minutes], [f"{minute} min" for minute in minutes]
        )
    if scenario.curve.deadline_s is not None:
        for each in axes.figure.axes:
            each.axvline(scenario.curve.deadline_s, color=INK, linewidth=0.8, linestyle=":")


def _thinned(
    at: Sequence[float], values: Sequence[float], *, highest: bool = False
) -> tuple[list[float], list[float]]:
    """At most POINTS of them: the mean of each stretch, or its highest."""
    step = -(-len(at) // POINTS)
    stretches = [values[start : start + step] for start in range(0, len(values), step)]
    told = [[value for value in one if not math.isnan(value)] or [math.nan] for one in stretches]
    means = [max(one) if highest else sum(one) / len(one) for one in told]
    return [round(one, 1) for one in at[step - 1 :: step]][: len(means)] + (
        [at[-1]] if len(at) % step else []
    ), [round(one, 2) for one in means]


def _saved(figure: Figure, path: Path, kinds: Sequence[str]) -> list[Path]:
    path.parent.mkdir(parents=True, exist_ok=True)
    files = []
    for kind in kinds:
        files.append(path.with_suffix(f".{kind}"))
        metadata = {"Date": None} if kind == "svg" else None
        figure.savefig(files[-1], bbox_inches="tight", dpi=110, metadata=metadata)
    return files


def _file_name(name: str) -> str:
    words = "".join(one if one.isalnum() else " " for one in name.lower()).split()
    return "_".join(words[:6])
