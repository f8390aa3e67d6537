"""Whose processor time it was: the account's, its functions', ministack's, the crowd's, others'."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")

Spent = Mapping[str, float]
OURS = ("local account", "functions", "ministack", "load generator")


@dataclass(frozen=True, slots=True)
class Groups:
    """The processes that are told apart. The functions are the account's other children."""

    account: int
    ministack: int
    crowd: int

    def spent_s(self) -> Spent:
        """Seconds of a processor since the machine began, by group; `all` of everybody. What the
        functions spent stays theirs when they have ended."""
        functions = [pid for pid in _children(self.account) if pid not in self._others]
        return {
            "local account": _spent_s(self.account, "own"),
            "functions": sum(_spent_s(pid, "own") for pid in functions)
            + _spent_s(self.account, "ended"),
            "ministack": _spent_s(self.ministack, "own"),
            "load generator": _spent_s(self.crowd, "own"),
            "all": _machine_s(),
        }

    @property
    def _others(self) -> tuple[int, int]:
        return self.ministack, self.crowd


def child_with(words: str) -> int:
    """The child of this process whose command has these words. Raises StopIteration."""
    return next(
        pid
        for pid in _children(os.getpid())
        if words in (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    )


def _children(parent: int) -> Iterator[int]:
    for folder in PROC.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(_fields(stat)[1]) == parent:
            yield int(folder.name)


def _spent_s(pid: int, whose: str) -> float:
    """Of the process itself, or of its children that ended."""
    try:
        fields = _fields((PROC / str(pid) / "stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    first = 11 if whose == "own" else 13  # utime, stime, cutime, cstime: proc(5)
    return sum(map(int, fields[first : first + 2])) / _TICKS_PER_S


def _machine_s() -> float:
    """All but idle and waiting for a disk."""
    times = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    return sum(int(time) for place, time in enumerate(times) if place not in (3, 4)) / _TICKS_PER_S


def _fields(stat: str) -> list[str]:
    """What follows the command, which may hold anything: state, parent, and so on."""
    return stat.rpartition(")")[2].split()
