"""The edge of a queue function: each message of a batch becomes one call."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.entry.log import begin, logger

BatchAnswer = dict[str, list[dict[str, str]]]


def queue_handler(
    act: Callable[[str], None],
    *,
    at_once: int = 1,
    prepare: Callable[[], object] = lambda: None,
) -> Callable[[dict[str, Any], LambdaContext], BatchAnswer]:
    """A Lambda handler that calls `act` with each message's body.

    A message whose `act` raises comes again; the others of its batch do not
    (ReportBatchItemFailures). With `at_once`, so many run side by side and overlap their waiting;
    what they share is made by `prepare` before (boto3 makes clients in one thread only).
    """

    def failed(record: dict[str, Any]) -> bool:
        try:
            act(record["body"])
        except Exception:  # noqa: BLE001 (logged, and the queue keeps the message)
            logger.exception("message will come again", extra={"message_id": record["messageId"]})
            return True
        return False

    def handler(event: dict[str, Any], context: LambdaContext) -> BatchAnswer:
        begin(context)
        records = event["Records"]
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
