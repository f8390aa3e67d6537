"""How the demo shows itself: one numbered step after another, what came of it, how long it took."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape


class NotAsItShouldBeError(Exception):
    """The demo saw something other than it must see."""


class Stage:
    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._steps = 0

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Shows that the step runs; its facts, printed meanwhile, stand under its title."""
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


def must(condition: object, what: str) -> None:
    """Ends the demo with an exit status of its own unless this holds."""
    if not condition:
        raise NotAsItShouldBeError(what)
