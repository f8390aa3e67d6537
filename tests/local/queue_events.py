"""The event that a batch becomes, and the meaning of the function's answer.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import base64
import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.local.instances import Outcome


def queue_event(
    messages: Sequence[Mapping[str, Any]], *, queue_arn: str, region: str
) -> dict[str, Any]:
    return {"Records": [_record(message, queue_arn, region) for message in messages]}


def _record(message: Mapping[str, Any], queue_arn: str, region: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message.get("Attributes", {})),
        "messageAttributes": {
            name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def _attribute(value: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"stringListValues": [], "binaryListValues": []}
    if "StringValue" in value:
        record["stringValue"] = value["StringValue"]
    if "BinaryValue" in value:
        record["binaryValue"] = base64.b64encode(value["BinaryValue"]).decode("ascii")
    record["dataType"] = value["DataType"]
    return record


def failed_message_ids(
    outcome: Outcome, message_ids: Sequence[str], *, reports_item_failures: bool
) -> set[str]:
    """Which messages must stay in the queue.

    All of them when the function failed or its report is invalid: a missing identifier, or one that
    was not in the batch, must not make a message vanish.
    """
    everything = set(message_ids)
    if outcome.error_type is not None:
        return everything
    if not reports_item_failures:
        return set()
    report = json.loads(outcome.payload or b"null")
    if report is None or report == {}:
        return set()
    if not isinstance(report, dict):
        return everything
    failures = report.get("batchItemFailures")
    if failures is None:
        return set() if "batchItemFailures" in report else everything
    if not isinstance(failures, list):
        return everything
    named = {str(item.get("itemIdentifier")) for item in failures if isinstance(item, dict)}
    is_clear = len(named) == len(failures) and not named - everything
    return named if is_clear else everything
