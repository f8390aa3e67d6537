"""Refunds queue: the gateway returns the money."""

from meterai.container import container
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import ExecuteRefund
from meterai.steps.execute_refund import execute_refund


def handle(body: str) -> None:
    message = ExecuteRefund.model_validate_json(body)
    execute_refund(message.refund_id, container, container.now)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.REFUNDS)
handler = queue_handler(handle, reporter)
