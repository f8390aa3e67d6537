"""Refunds queue: money goes back at the gateway."""

from meterai.container import container
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import ExecuteRefund
from meterai.steps.execute_refund import ExecuteRefundPorts, execute_refund


def handle(body: str) -> None:
    message = ExecuteRefund.model_validate_json(body)
    ports = ExecuteRefundPorts(
        refunds=container.refunds,
        gateways=container.gateways,
        payouts=container.payouts,
        account_cipher=container.account_cipher,
        now=container.now,
    )
    execute_refund(message.refund_id, ports)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.REFUNDS)
handler = queue_handler(handle, reporter)
