"""What the README shows of a run: a table and a picture, kept in the tree, and whether they still
are of this template."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.capacity.answers import HEADINGS, row
from tests.capacity.latencies import LATENCIES
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.play import Way
from tests.capacity.plots import draw_small
from tests.capacity.scenarios import LAST_HOURS, scenarios
from tests.capacity.sizes import declared

HERE = Path(__file__).parent
KEPT = HERE / "kept.json"
PICTURE = HERE / "last_hours.svg"


def made_of() -> dict[str, Any]:
    """What the answers follow from, but the benchmark's times, which no two runs have alike."""
    size = declared()
    return {
        "concurrency": dict(sorted(size.concurrency.items())),
        "lanes": {name: asdict(lane) for name, lane in sorted(size.lanes.items())},
        "limits": asdict(size.limits),
        "admission": {name: str(value) for name, value in asdict(size.rules).items()},
        "warm_writes": dict(sorted(size.warm_writes.items())),
        "latencies": asdict(LATENCIES),
        "people": asdict(PEOPLE),
        "scenarios": [
            [one.name, one.expected_people_per_s, round(one.curve.people)] for one in scenarios()
        ],
    }


def table(outcomes: Mapping[tuple[str, Way, float], Outcome]) -> list[str]:
    """The lines of the README's table."""
    lines = [
        f"| what comes | {' | '.join(HEADINGS)} |",
        f"|{'---|' * (len(HEADINGS) + 1)}",
    ]
    for scenario in scenarios():
        name = f"**{scenario.name}**"
        for way in Way:
            lines.append(f"| {name} | {' | '.join(row(outcomes[scenario.name, way, 1.0]))} |")
            name = ""
    return lines


def keep(outcomes: Mapping[tuple[str, Way, float], Outcome]) -> None:
    """Draw the picture again, and write beside it what it and the table are of."""
    scenario = next(one for one in scenarios() if one.name == LAST_HOURS)
    draw_small(scenario, [outcomes[LAST_HOURS, way, 1.0] for way in Way], PICTURE)
    lines = table(outcomes)
    kept = {"made_of": made_of(), "picture_sha256": picture_sha256(), "readme": lines}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print("\n".join(["The README's table:", "", *lines, ""]))


def picture_sha256() -> str:
    return hashlib.sha256(PICTURE.read_bytes()).hexdigest()
