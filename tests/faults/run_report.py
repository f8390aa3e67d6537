"""What was run and what broke: each part makes a report; the total is their sum."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.fault_injector import Kind
from tests.faults.random_scenario import UNUSUAL_ACTIONS
from tests.faults.runs import Plan, Run

KINDS = (*map(str, Kind), *UNUSUAL_ACTIONS)
NOT_RUN = "points_on_moto_there_are"  # the number of which a sample is taken


@dataclass
class RunReport:
    """`counts`: of points, pairs, scenarios and such. `faults`: injected, by kind. `broken`: each
    as a sentence, a random scenario with the command that replays it."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def ran(self, what: str, plan: Plan, run: Run, where: str) -> None:
        """A fault is counted where it happened; a planned one that did not happen is an error."""
        happened = run.harness.injector.happened
        self.counts[what] += 1
        self.faults.update({str(kind): times for kind, times in happened.items()})
        missed = [] if happened == Counter(plan.values()) else [f"only {dict(happened)} happened"]
        self.found([*missed, *run.wrong], f"{where} {_in_words(plan)}")

    def found(self, wrong: Iterable[str], where: str) -> None:
        found = list(wrong)
        if found:
            self.broken.append(f"{where}: {'; '.join(found[:3])}")

    def add(self, other: "RunReport") -> None:
        self.counts.update(other.counts)
        self.faults.update(other.faults)
        self.broken += other.broken

    @property
    def runs(self) -> int:
        return self.counts.total() - self.counts[NOT_RUN]

    @property
    def covered(self) -> int:
        """How many of `KINDS` happened."""
        return sum(self.faults[kind] > 0 for kind in KINDS)

    def print(self, seconds: float) -> None:
        for what, count in sorted(self.counts.items()):
            print(f"{count:>10,} {what.replace('_', ' ')}")
        for kind in KINDS:
            print(f"{self.faults[kind]:>10,} x {kind.replace('_', ' ')}")
        print(f"{self.covered} of {len(KINDS)} kinds of fault, in {seconds:.0f} s")
        for one in self.broken[:20]:
            print(f"BROKEN {one}")
        print(f"{len(self.broken)} broken")

    def keep(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        kept = {
            **dict(sorted(self.counts.items())),
            "faults": {kind: self.faults[kind] for kind in KINDS},
            "kinds": {"covered": self.covered, "known": len(KINDS)},
            "broken": len(self.broken),
        }
        path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def _in_words(plan: Plan) -> str:
    return ", ".join(f"{kind} {moment} call {n}" for (n, moment), kind in plan.items())
