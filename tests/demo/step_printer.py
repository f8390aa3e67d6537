"""The output of the demo: numbered steps, the results of each, and how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


class CheckFailedError(Exception):
    """A result of the demo is not as expected."""


class StepPrinter:
    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._steps = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Prints the title at once, then the lines of the block, then the time taken."""
        self._steps += 1
        started = time.monotonic()
        self._console.print(f"[bold]{self._steps:2}. {escape(title)}[/bold]")
        with self._console.status("…"):
            yield
        self._console.print(f"    [dim]{time.monotonic() - started:.2f} s[/dim]")

    def say(self, fact: str) -> None:
        self._console.print(f"    {escape(fact)}", soft_wrap=True)

    def end(self, line: str) -> None:
        self._console.print(line)


def check(condition: object, expectation: str) -> None:
    """Raises CheckFailedError unless the condition holds."""
    if not condition:
        raise CheckFailedError(expectation)
