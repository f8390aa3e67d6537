"""What became of each mutant. A survivor is a failure; the reason to keep one is a pragma."""

import json
import re
from collections import Counter
from contextlib import chdir
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "out" / "mutants.json"
# By pytest's and mutmut's exit codes; any other is a survivor too.
EXIT_CODES = {
    1: "killed",
    3: "killed",
    -24: "timed out",
    24: "timed out",
    36: "timed out",
    152: "timed out",
    255: "timed out",
    0: "survived",
    5: "without a test",
    33: "without a test",
    None: "not run",
}
KILLED = ("killed", "timed out")


@dataclass(frozen=True, slots=True)
class Mutant:
    """`function`: where, from the package on. `before`, `after`: its first changed line."""

    name: str
    became: str
    function: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Outcome:
    mutants: tuple[Mutant, ...]

    @cached_property
    def counts(self) -> Counter[str]:
        return Counter(mutant.became for mutant in self.mutants)

    @property
    def killed(self) -> int:
        return sum(self.counts[became] for became in KILLED)

    @cached_property
    def survivors(self) -> list[Mutant]:
        """Also those that no test reaches."""
        lived = [one for one in self.mutants if one.became not in (*KILLED, "not run")]
        return sorted(lived, key=lambda one: (one.function, one.before, one.name))

    @property
    def rate(self) -> float:
        return self.killed / max(1, self.killed + len(self.survivors))

    @property
    def is_good(self) -> bool:
        return not self.survivors and not self.counts["not run"]

    def print(self) -> None:
        for one in self.survivors:
            print(f"survived: {one.name} ({one.became})\n  -{one.before}\n  +{one.after}")
        print(", ".join(f"{count:,} {became}" for became, count in self.counts.most_common()))
        print(
            f"{len(self.mutants):,} mutants, {self.killed:,} killed, {len(self.survivors)} "
            f"survived; kill rate {self.rate:.1%}"
        )

    def keep(self, path: Path) -> None:
        kept = {
            "killed": self.killed,
            "survived": len(self.survivors),
            "rate": round(self.rate, 4),
            "not_run": self.counts["not run"],
            "survivors": [one.name for one in self.survivors],
        }
        path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")


def outcome(place: Path, *, with_changes: bool = True) -> Outcome:
    """Of the run in this folder, or of as much as there is of it."""
    found: list[Mutant] = []
    for meta in sorted((place / "mutants" / "meterai").rglob("*.meta")):
        for name, code in json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items():
            became = EXIT_CODES.get(code, "survived")
            if became in (*KILLED, "not run") or not with_changes:
                found.append(Mutant(name, became, _function(name)))
            else:
                found.append(Mutant(name, became, _function(name), *_change(name, place)))
    return Outcome(tuple(found))


def _function(name: str) -> str:
    """`meterai.domain.orders.orders.xǁOrderǁtaken__mutmut_3` is of `domain.orders.Order.taken`."""
    module, _, mangled = name.partition("__mutmut_")[0].rpartition(".")
    plain = re.sub("^x(_|ǁ)", "", mangled).replace("ǁ", ".")
    return f"{module.removeprefix('meterai.')}.{plain}"


def _change(name: str, place: Path) -> tuple[str, str]:
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    with chdir(place):
        lines = get_diff_for_mutant(name).splitlines()[2:]
    before = [line[1:].strip() for line in lines if line.startswith("-")]
    after = [line[1:].strip() for line in lines if line.startswith("+")]
    return before[0] if before else "", after[0] if after else ""
