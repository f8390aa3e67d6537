"""The edge of a queue function: each message of a batch becomes one call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.domain.errors import MeteraiError, Unavailable
from meterai.entrypoints.log import begin, logger
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.entrypoints.time_left import time_left

BatchAnswer = dict[str, list[dict[str, str]]]
MAX_EARLY_TRIES = 3  # then the queue's own time-out: an outage must not use up a message's tries
RETRY_SOON = timedelta(seconds=10)  # a party that did not answer may have recovered by then


def queue_handler(
    act: Callable[[str], None],
    reporter: ThroughputReporter | None,
    *,
    at_once: int = 1,
    prepare: Callable[[], object] = lambda: None,
    retry_early: Callable[[str, str], None] | None = None,
) -> Callable[[dict[str, Any], LambdaContext], BatchAnswer]:
    """A Lambda handler that calls `act` with each message's body, and reports it to `reporter`;
    without one, nobody is shown how long that queue is.

    A message whose `act` raises is delivered again; the others of its batch are not
    (ReportBatchItemFailures). With `at_once`, so many run concurrently and overlap their waiting;
    what they share is made by `prepare` first (boto3 makes clients in one thread only).
    After an Unavailable, `retry_early` gets the message's receipt and the ARN of its queue: the
    first few tries need not wait for the queue's visibility time-out.
    """

    def failed(record: dict[str, Any]) -> bool:
        try:
            act(record["body"])
        except Exception as error:  # noqa: BLE001 (logged, and the queue keeps the message)
            logger.exception(
                "message will come again",
                extra={"message_id": record["messageId"], **_party_without_answer(error)},
            )
            tries = int(record["attributes"]["ApproximateReceiveCount"])
            if retry_early and isinstance(error, Unavailable) and tries <= MAX_EARLY_TRIES:
                _unless_unavailable(retry_early, record)
            return True
        return False

    def handler(event: dict[str, Any], context: LambdaContext) -> BatchAnswer:
        begin(context)
        time_left.begin(context)
        records = event["Records"]
        if reporter is not None:
            reporter.record_batch(records)
        if min(at_once, len(records)) == 1:
            failures = [failed(record) for record in records]
        else:
            prepare()
            with ThreadPoolExecutor(at_once) as threads:
                failures = list(threads.map(failed, records))
        return {
            "batchItemFailures": [
                {"itemIdentifier": record["messageId"]}
                for record, has_failed in zip(records, failures, strict=True)
                if has_failed
            ]
        }

    return handler


def _party_without_answer(error: Exception) -> dict[str, str | int]:
    """`party` and `reason`, for the log."""
    return error.values if isinstance(error, Unavailable) else {}


def _unless_unavailable(act: Callable[[str, str], None], record: dict[str, Any]) -> None:
    """It only saves time: without it, the message is delivered again all the same."""
    try:
        act(record["receiptHandle"], record["eventSourceARN"])
    except MeteraiError as error:
        logger.warning("message keeps the queue's own time", extra={"code": error.code})
