"""Refunds queue: money goes back at the gateway."""

from meterai.entry.queue import queue_handler
from meterai.messages import ExecuteRefund
from meterai.services import office
from meterai.steps.execute_refund import execute_refund


def handle(body: str) -> None:
    message = ExecuteRefund.model_validate_json(body)
    execute_refund(
        message.refund_id, refunds=office.refunds, gateway=office.gateway, now=office.now
    )


handler = queue_handler(handle)
