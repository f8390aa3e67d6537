"""The table in README.md of this folder, and whether it belongs to the present template."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from tests.capacity.answers import HEADINGS, row
from tests.capacity.latencies import LATENCIES
from tests.capacity.outcome import Outcome
from tests.capacity.people import PEOPLE
from tests.capacity.scenarios import scenarios
from tests.capacity.simulation import Variant
from tests.capacity.sizes import declared

DOCUMENT = Path(__file__).parent / "README.md"
_TABLE = re.compile(r"^\| what comes .*\n(?:\|.*\n)+", re.MULTILINE)
# No scenario invokes these by themselves.
NOT_SIMULATED = {
    "CheckPages",
    "Drafts",
    "Inspect",
    "Notifications",
    "OperatorPages",
    "Pages",
    "Preflight",
    "Preview",
    "ReadReceipt",
    "ReadReceiptKey",
    "ReadSerial",
    "RefundStatus",
    "SendNotification",
    "SignIn",
    "Verify",
}
_FINGERPRINT = re.compile(r"(?<=<!-- inputs: )\w+(?= -->)")


def fingerprint() -> str:
    """Of all inputs but the benchmarks' times, which differ from run to run."""
    size = declared()
    inputs = {
        "concurrency": {one: n for one, n in size.concurrency.items() if one not in NOT_SIMULATED},
        "lanes": {
            name: asdict(lane) for name, lane in size.lanes.items() if name not in NOT_SIMULATED
        },
        "limits": asdict(size.limits),
        "admission": {name: str(value) for name, value in asdict(size.policy).items()},
        "warm_writes": {one: n for one, n in size.warm_writes.items() if one not in NOT_SIMULATED},
        "latencies": asdict(LATENCIES),
        "people": asdict(PEOPLE),
        "scenarios": [
            [one.name, one.expected_people_per_s, round(one.curve.people)] for one in scenarios()
        ],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def table(outcomes: Mapping[tuple[str, Variant, float], Outcome]) -> str:
    lines = [
        f"| what comes | {' | '.join(HEADINGS)} |",
        f"|{'---|' * (len(HEADINGS) + 1)}",
    ]
    for scenario in scenarios():
        name = f"**{scenario.name}**"
        for variant in Variant:
            lines.append(f"| {name} | {' | '.join(row(outcomes[scenario.name, variant, 1.0]))} |")
            name = ""
    return "\n".join(lines) + "\n"


def write(outcomes: Mapping[tuple[str, Variant, float], Outcome]) -> None:
    """Replace the table and the fingerprint."""
    text = DOCUMENT.read_text(encoding="utf-8")
    text = _TABLE.sub(lambda _: table(outcomes), text, count=1)
    DOCUMENT.write_text(_FINGERPRINT.sub(fingerprint(), text, count=1), encoding="utf-8")


def written_fingerprint() -> str:
    found = _FINGERPRINT.search(DOCUMENT.read_text(encoding="utf-8"))
    return found[0] if found else ""
