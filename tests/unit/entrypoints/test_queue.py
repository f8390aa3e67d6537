"""The metrics of a queue function about the failures of its messages."""

import json
from typing import Any

import pytest

from meterai.domain.errors import MeteraiError, Unavailable
from meterai.domain.metrics import Metric
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.load_metrics import MemoryLoadMetrics


class Context:
    aws_request_id = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


def failing_with(error: MeteraiError) -> Any:
    def act(body: str) -> None:
        del body
        raise error

    metrics = MemoryLoadMetrics(InMemoryState())
    return queue_handler(act, ThroughputReporter(lambda: metrics, lambda _: Lane.STAMPING))


EVENT = {
    "Records": [
        {
            "messageId": "one",
            "body": "{}",
            "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": "0"},
            "eventSourceARN": "arn",
            "receiptHandle": "receipt",
        }
    ]
}


@pytest.mark.parametrize(
    ("error", "counted"),
    [
        (Unavailable(party="kms", reason="ThrottlingException"), [Metric.KMS_THROTTLED]),
        (Unavailable(party="kms", reason="ConnectTimeoutError"), []),
        (Unavailable(party="dynamodb", reason="ThrottlingException"), []),
    ],
)
def test_only_a_call_that_kms_throttled_is_counted(
    error: MeteraiError, counted: list[Metric], capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing_with(error)(EVENT, Context()) == {
        "batchItemFailures": [{"itemIdentifier": "one"}]
    }
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    recorded = [
        metric["Name"]
        for line in lines
        if "_aws" in line
        for metric in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    ]
    assert recorded == counted
