"""Every function that may ask `inspect` knows how long it may run."""

from typing import Any

import pytest

from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.entrypoints.time_left import TimeLeft, time_left
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.load_metrics import MemoryLoadMetrics
from tests.unit.functions.function_app import Context, sample


class Ending(Context):
    def get_remaining_time_in_millis(self) -> int:
        return 29_000


def http(event: Any, context: Any) -> object:
    return HttpApi().handler(event, context)


def queue(event: Any, context: Any) -> object:
    metrics = MemoryLoadMetrics(InMemoryState())
    reporter = ThroughputReporter(lambda: metrics, lambda _: Lane.STAMPING)
    return queue_handler(lambda _: None, reporter)(event, context)


@pytest.mark.parametrize(("handler", "event"), [(http, "verify"), (queue, "stamp")])
def test_a_handler_notes_when_its_time_is_over(handler: Any, event: str) -> None:
    handler(sample(event), Ending())
    assert 28 < time_left() <= 29


def test_outside_of_an_invocation_there_is_no_end() -> None:
    assert TimeLeft()() == float("inf")
