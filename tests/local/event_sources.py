"""SQS event sources: what Lambda's pollers do.

Where a function's limit is this machine's, each mapping has as many pollers as there are instances.
So no batch waits, invisible, for an instance, except where a function has two mappings. A poller
receives, invokes, and deletes the messages that did not fail. Failed messages are left to the
queue: its visibility timeout makes them visible again, its redrive policy moves them to the dead
letters.

Where the limit is the template's (`functions.py`), a mapping without a limit of its own has five
pollers, as many as Lambda begins with, whatever is reserved for its function. A batch that is
throttled is tried again until its visibility timeout has passed, and then given up. Its next
receive counts again, so that a busy function's messages end in the dead letters.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
"""

import json
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from tests.local.functions import Functions, ThrottledError
from tests.local.instances import Outcome
from tests.local.queue_events import failed_message_ids, queue_event
from tests.local.specs import QueueSourceSpec

_RECEIVE_LIMIT = 10  # of SQS, for one call
_WAIT_S = 1  # of a long poll; short, so that it does not delay the end of the account
_PAUSE_AFTER_ERROR_S = 1.0
_PAUSE_AFTER_THROTTLE_S = 0.1  # AWS gives no number
_FIRST_POLLERS = 5


@dataclass(frozen=True, slots=True)
class Handled:
    """A batch that a function has finished. Times are Unix seconds. `receives`: how often each
    message had been received by then."""

    function: str
    queue_url: str
    bodies: tuple[str, ...]
    sent_at_s: tuple[float, ...]
    receives: tuple[int, ...]
    taken_at_s: float
    done_at_s: float
    failed: int


class QueueSource:
    """One mapping from a queue to a function, with its pollers.

    `redeliver_after_s` shortens the wait of failed messages (an option for tests, AWS has none);
    None leaves it to the queue's visibility timeout. `on_handled` is called with each batch.
    """

    def __init__(
        self,
        spec: QueueSourceSpec,
        functions: Functions,
        sqs: Any,
        *,
        queue_url: str,
        region: str,
        redeliver_after_s: int | None,
        on_handled: Callable[[Handled], None] | None = None,
    ) -> None:
        self.queue_url = queue_url
        self._spec = spec
        self._functions = functions
        self._sqs = sqs
        self._region = region
        self._redeliver_after_s = redeliver_after_s
        self._on_handled = on_handled
        self._stopping = threading.Event()
        self._visibility_s = 0.0
        function = functions[spec.function]
        if function.limit_is_reserved:
            pollers = spec.maximum_concurrency or _FIRST_POLLERS
        else:
            pollers = min(function.limit, spec.maximum_concurrency or function.limit)
        self._pollers = [
            threading.Thread(target=self._poll, name=f"poll for {spec.function}", daemon=True)
            for _ in range(pollers)
        ]

    def start(self) -> None:
        if self._spec.enabled:
            answer = self._sqs.get_queue_attributes(
                QueueUrl=self.queue_url, AttributeNames=["VisibilityTimeout"]
            )
            self._visibility_s = float(answer["Attributes"]["VisibilityTimeout"])
            for poller in self._pollers:
                poller.start()

    def request_stop(self) -> None:
        self._stopping.set()

    def join(self) -> None:
        for poller in self._pollers:
            if poller.is_alive():
                poller.join(_WAIT_S)

    def _poll(self) -> None:
        while not self._stopping.is_set():
            try:
                if batch := self._receive_batch():
                    self._process(batch)
            except (BotoCoreError, ClientError) as trouble:
                if self._stopping.is_set():
                    return
                sys.stderr.write(f"{self.queue_url}: {trouble}\n")
                self._stopping.wait(_PAUSE_AFTER_ERROR_S)

    def _receive_batch(self) -> list[dict[str, Any]]:
        """Up to a batch: the messages that are there, and those that come within the batching
        window."""
        batch = self._receive(self._spec.batch_size, _WAIT_S)
        until = time.monotonic() + self._spec.batching_window_s
        while batch and len(batch) < self._spec.batch_size and not self._stopping.is_set():
            left_s = until - time.monotonic()
            more = self._receive(self._spec.batch_size - len(batch), max(0, min(left_s, _WAIT_S)))
            batch += more
            if not more and left_s <= 0:
                break
        return batch

    def _receive(self, count: int, wait_s: float) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self.queue_url,
            MaxNumberOfMessages=min(count, _RECEIVE_LIMIT),
            WaitTimeSeconds=int(wait_s),
            MessageSystemAttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages

    def _process(self, batch: list[dict[str, Any]]) -> None:
        event = queue_event(batch, queue_arn=self._spec.queue_arn, region=self._region)
        taken_at_s = time.time()
        outcome = self._invoke(json.dumps(event).encode())
        if outcome is None:
            return
        failed = failed_message_ids(
            outcome,
            [message["MessageId"] for message in batch],
            reports_item_failures=self._spec.reports_item_failures,
        )
        if self._on_handled is not None:
            self._on_handled(self._handled(batch, taken_at_s, len(failed)))
        self._delete([message for message in batch if message["MessageId"] not in failed])
        if self._redeliver_after_s is not None:
            for message in batch:
                if message["MessageId"] in failed:
                    self._sqs.change_message_visibility(
                        QueueUrl=self.queue_url,
                        ReceiptHandle=message["ReceiptHandle"],
                        VisibilityTimeout=self._redeliver_after_s,
                    )

    def _invoke(self, event: bytes) -> Outcome | None:
        """None where it was throttled until others may receive the batch."""
        until = time.monotonic() + self._visibility_s
        while not self._stopping.is_set():
            try:
                return self._functions.invoke(self._spec.function, event, throttle=True)
            except ThrottledError:
                if time.monotonic() > until:
                    return None
                self._stopping.wait(_PAUSE_AFTER_THROTTLE_S)
        return None

    def _handled(self, batch: list[dict[str, Any]], taken_at_s: float, failed: int) -> Handled:
        attributes = [message["Attributes"] for message in batch]
        return Handled(
            self._spec.function,
            self.queue_url,
            bodies=tuple(message["Body"] for message in batch),
            sent_at_s=tuple(int(one["SentTimestamp"]) / 1_000 for one in attributes),
            receives=tuple(int(one["ApproximateReceiveCount"]) for one in attributes),
            taken_at_s=taken_at_s,
            done_at_s=time.time(),
            failed=failed,
        )

    def _delete(self, messages: list[dict[str, Any]]) -> None:
        for first in range(0, len(messages), _RECEIVE_LIMIT):
            self._sqs.delete_message_batch(
                QueueUrl=self.queue_url,
                Entries=[
                    {"Id": str(index), "ReceiptHandle": message["ReceiptHandle"]}
                    for index, message in enumerate(messages[first : first + _RECEIVE_LIMIT])
                ],
            )
