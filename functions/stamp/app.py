"""Stamping queues, ordinary and urgent: puts e-meterai on a document and signs it."""

from meterai.container import container
from meterai.domain.timers import MACHINES_DIFFER
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import StampDocument
from meterai.steps.stamp import stamp


def handle(body: str) -> None:
    message = StampDocument.model_validate_json(body)
    stamp(message.serials, container, container.now)


def prepare() -> None:
    _ = container.serials, container.documents, container.stamper, container.lanes


def retry_early(receipt: str, queue_arn: str) -> None:
    """Once the claim of this try has lapsed: before that, the message would count as done."""
    container.lanes.retry_after(
        receipt, container.claim_duration + MACHINES_DIFFER, container.settings.lane_of(queue_arn)
    )


reporter = ThroughputReporter(
    lambda: container.load_metrics,
    lambda record: container.settings.lane_of(record["eventSourceARN"]),
    # As `StampDocument` writes it: how long bulk work waits does not show how long applicants do.
    measures=lambda record: '"bulk":true' not in record["body"],
)
# A whole batch: nearly all of a stamp's 150 ms is waiting for DynamoDB, S3 and KMS.
handler = queue_handler(handle, reporter, at_once=10, prepare=prepare, retry_early=retry_early)
