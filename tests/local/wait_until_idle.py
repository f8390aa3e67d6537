"""Waiting until nothing is left to do."""

import time
from collections.abc import Sequence
from typing import Any

from tests.local.errors import QuiesceTimeoutError
from tests.local.functions import Functions

_LOOK_EVERY_S = 0.05


def wait_until_quiet(
    functions: Functions, sqs: Any, queue_urls: Sequence[str], timeout_s: float
) -> None:
    """Return when the queues are empty and no function runs; raise when that does not come.

    One look is not enough: between those at two queues a message may have moved from the one
    seen last to the one seen first. Two looks count, with no invocation begun in between.
    """
    until = time.monotonic() + timeout_s
    quiet_at: int | None = None
    while True:
        started, running = functions.activity()
        left = {url: count for url in queue_urls if (count := _messages_in(sqs, url))}
        if left or running:
            quiet_at = None
        elif quiet_at == started:
            return
        else:
            quiet_at = started
        if time.monotonic() > until:
            raise QuiesceTimeoutError(timeout_s, left, running)
        time.sleep(_LOOK_EVERY_S)


def _messages_in(sqs: Any, queue_url: str) -> int:
    """Waiting, in flight and delayed."""
    attributes = sqs.get_queue_attributes(QueueUrl=queue_url, AttributeNames=["All"])["Attributes"]
    return sum(
        int(attributes.get(f"ApproximateNumberOfMessages{kind}", 0))
        for kind in ("", "NotVisible", "Delayed")
    )
