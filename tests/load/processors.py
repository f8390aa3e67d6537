"""The processor time of the account, its functions, ministack, the load generator and others.

The functions that serve pages alone are counted apart."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")

Spent = Mapping[str, float]
OURS = ("local account", "functions", "pages", "ministack", "load generator")
PAGES = ("pages", "sign_in")  # folders of functions


@dataclass(frozen=True, slots=True)
class Groups:
    """The processes that are counted separately. The functions are the account's other children."""

    account: int
    ministack: int
    load_generator: int

    def spent_s(self) -> Spent:
        """Processor seconds since the machine started, by group; `all` is the whole machine. The
        time of functions that have ended is included."""
        children = [pid for pid in _children(self.account) if pid not in self._others]
        pages = [pid for pid in children if _folder(pid) in PAGES]
        functions = [pid for pid in children if pid not in pages]
        return {
            "local account": _spent_s(self.account, "own"),
            "functions": sum(_spent_s(pid, "own") for pid in functions)
            + _spent_s(self.account, "ended"),
            "pages": sum(_spent_s(pid, "own") for pid in pages),
            "ministack": _spent_s(self.ministack, "own"),
            "load generator": _spent_s(self.load_generator, "own"),
            "all": _machine_s(),
        }

    @property
    def _others(self) -> tuple[int, int]:
        return self.ministack, self.load_generator


def child_with(words: str) -> int:
    """The child of this process whose command has these words. Raises StopIteration."""
    return next(
        pid
        for pid in _children(os.getpid())
        if words in (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace")
    )


def _folder(pid: int) -> str:
    try:
        return (PROC / str(pid) / "cwd").readlink().name
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _children(parent: int) -> Iterator[int]:
    for folder in PROC.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(_fields(stat)[1]) == parent:
            yield int(folder.name)


def _spent_s(pid: int, whose: str) -> float:
    """Of the process itself, or of its ended children."""
    try:
        fields = _fields((PROC / str(pid) / "stat").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    first = 11 if whose == "own" else 13  # utime, stime, cutime, cstime: proc(5)
    return sum(map(int, fields[first : first + 2])) / _TICKS_PER_S


def _machine_s() -> float:
    """All but idle and waiting for disks."""
    times = (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]
    return sum(int(time) for place, time in enumerate(times) if place not in (3, 4)) / _TICKS_PER_S


def _fields(stat: str) -> list[str]:
    """The fields after the command, which may contain any character: state, parent, and so on."""
    return stat.rpartition(")")[2].split()
