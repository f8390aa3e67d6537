"""Waiting until no work is left."""

import time
from collections.abc import Sequence
from typing import Any

from tests.local.errors import QuiesceTimeoutError
from tests.local.functions import Functions

_CHECK_EVERY_S = 0.05


def wait_until_idle(
    functions: Functions, sqs: Any, queue_urls: Sequence[str], timeout_s: float
) -> None:
    """Return when the queues are empty and no function runs; raise after `timeout_s`.

    One check is not enough: while the queues are read one after the other, a message may move from
    a queue that is still to be read to one that was read. So two checks must agree, with no
    invocation started in between.
    """
    until = time.monotonic() + timeout_s
    idle_at: int | None = None
    while True:
        started, running = functions.activity()
        left = {url: count for url in queue_urls if (count := _messages_in(sqs, url))}
        if left or running:
            idle_at = None
        elif idle_at == started:
            return
        else:
            idle_at = started
        if time.monotonic() > until:
            raise QuiesceTimeoutError(timeout_s, left, running)
        time.sleep(_CHECK_EVERY_S)


def _messages_in(sqs: Any, queue_url: str) -> int:
    """Waiting, in flight and delayed."""
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return sum(
        int(attributes.get(f"ApproximateNumberOfMessages{kind}", 0))
        for kind in ("", "NotVisible", "Delayed")
    )
