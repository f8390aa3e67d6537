"""The edge of a queue function: each message of a batch becomes one call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.domain.errors import MeteraiError, Unavailable
from meterai.entrypoints.log import begin, logger
from meterai.entrypoints.throughput_reporter import ThroughputReporter

BatchAnswer = dict[str, list[dict[str, str]]]
EARLY_TRIES = 3  # then the queue's own time again: an outage must not use up a message's tries
SOON = timedelta(seconds=10)  # for whoever did not answer to be well again


def queue_handler(
    act: Callable[[str], None],
    samples: ThroughputReporter,
    *,
    at_once: int = 1,
    prepare: Callable[[], object] = lambda: None,
    retry_early: Callable[[str, str], None] | None = None,
) -> Callable[[dict[str, Any], LambdaContext], BatchAnswer]:
    """A Lambda handler that calls `act` with each message's body, and counts it in `tallies`.

    A message whose `act` raises comes again; the others of its batch do not
    (ReportBatchItemFailures). With `at_once`, so many run side by side and overlap their waiting;
    what they share is made by `prepare` before (boto3 makes clients in one thread only).
    `retry_early` is given the receipt of a message for which somebody did not answer, and the
    ARN of its queue: its first few tries need not wait for the queue's visibility time-out.
    """

    def failed(record: dict[str, Any]) -> bool:
        try:
            act(record["body"])
        except Exception as error:  # noqa: BLE001 (logged, and the queue keeps the message)
            logger.exception(
                "message will come again",
                extra={"message_id": record["messageId"], **_who_did_not_answer(error)},
            )
            tries = int(record["attributes"]["ApproximateReceiveCount"])
            if retry_early and isinstance(error, Unavailable) and tries <= EARLY_TRIES:
                _unless_unavailable(retry_early, record)
            return True
        return False

    def handler(event: dict[str, Any], context: LambdaContext) -> BatchAnswer:
        begin(context)
        records = event["Records"]
        samples.record_batch(records)
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


def _who_did_not_answer(error: Exception) -> dict[str, str | int]:
    """`party` and `reason`: an alarm in template.yaml listens to what KMS throttles."""
    return error.values if isinstance(error, Unavailable) else {}


def _unless_unavailable(act: Callable[[str, str], None], record: dict[str, Any]) -> None:
    """It only saves time: without it the message comes back all the same."""
    try:
        act(record["receiptHandle"], record["eventSourceARN"])
    except MeteraiError as error:
        logger.warning("message keeps the queue's own time", extra={"code": error.code})
