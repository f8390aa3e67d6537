"""How far a long command is: every ten seconds on stderr, and in `out/<command>.progress`.

A terminal shows one line that is renewed every second; without one there is a plain line every ten
seconds. The file gets the plain lines in both cases. `poll`, where given, brings the figures up to
date before each line, for work that another process does.

    with Progress("faults", total=len(parts), unit="parts") as progress:
        for part in parts:
            run(part)
            progress.done += 1
"""

import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.status import Status

OUT = Path(__file__).parents[2] / "out"


@dataclass
class Progress:
    """`note` is a few words of the command's own, such as "0 broken". No `total`: no estimate."""

    command: str
    total: int | None = None
    unit: str = "parts"
    poll: Callable[["Progress"], None] | None = None
    every_s: float = 10.0
    out: Path = OUT
    stream: TextIO = field(default_factory=lambda: sys.stderr)
    clock: Callable[[], float] = monotonic
    done: int = 0
    note: str = ""

    def __str__(self) -> str:
        """One line, such as "faults: 12 of 48 parts (25%), 0 broken, 61 s, about 183 s left"."""
        elapsed_s = self.clock() - self._began_s
        words = [f"{self.command}: {self.done:,} {self.unit}"]
        if self.total:
            share = self.done / self.total
            words = [f"{self.command}: {self.done:,} of {self.total:,} {self.unit} ({share:.0%})"]
        words += [self.note] if self.note else []
        words += [f"{elapsed_s:.0f} s"]
        if self.total and 0 < self.done < self.total:
            words += [f"about {elapsed_s * (self.total / self.done - 1):.0f} s left"]
        return ", ".join(words)

    def __enter__(self) -> Self:
        self._began_s = self.clock()
        self._ended = threading.Event()
        self.out.mkdir(parents=True, exist_ok=True)
        self.path = self.out / f"{self.command}.progress"
        self.path.write_text("", encoding="utf-8")
        self._thread = threading.Thread(target=self._report, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._ended.set()
        self._thread.join()
        self._write_line(to_stream=not self.stream.isatty())

    def _report(self) -> None:
        if not self.stream.isatty():
            while not self._ended.wait(self.every_s):
                self._write_line(to_stream=True)
            return
        line_at_s = self._began_s + self.every_s
        with Status("", console=Console(file=self.stream)) as status:
            while not self._ended.wait(min(1.0, self.every_s)):
                if self.clock() >= line_at_s:
                    line_at_s += self.every_s
                    self._write_line(to_stream=False)
                status.update(str(self))

    def _write_line(self, *, to_stream: bool) -> None:
        if self.poll is not None:
            self.poll(self)
        with self.path.open("a", encoding="utf-8") as file:
            print(self, file=file)
        if to_stream:
            print(self, file=self.stream, flush=True)
