"""Refunds queue: money goes back at the gateway."""

from meterai.entry.queue import queue_handler
from meterai.messages import ExecuteRefund
from meterai.services import office
from meterai.steps.execute_refund import Executing, execute_refund


def handle(body: str) -> None:
    message = ExecuteRefund.model_validate_json(body)
    needs = Executing(
        refunds=office.refunds,
        gateway=office.gateway,
        payouts=office.payouts,
        seal=office.seal,
        now=office.now,
    )
    execute_refund(message.refund_id, needs)


handler = queue_handler(handle)
