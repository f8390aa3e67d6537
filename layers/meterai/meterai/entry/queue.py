"""The edge of a queue function: each message of a batch becomes one call."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.entry.log import begin, logger

BatchAnswer = dict[str, list[dict[str, str]]]


def queue_handler(
    act: Callable[[str], None],
) -> Callable[[dict[str, Any], LambdaContext], BatchAnswer]:
    """A Lambda handler that calls `act` with each message's body.

    A message whose `act` raises comes again; the others of its batch do not
    (ReportBatchItemFailures). Six lines, and 130 modules fewer than Powertools' batch processor.
    """

    def handler(event: dict[str, Any], context: LambdaContext) -> BatchAnswer:
        begin(context)
        failures = []
        for record in event["Records"]:
            try:
                act(record["body"])
            except Exception:  # noqa: BLE001 (logged, and the queue keeps the message)
                logger.exception(
                    "message will come again", extra={"message_id": record["messageId"]}
                )
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    return handler
