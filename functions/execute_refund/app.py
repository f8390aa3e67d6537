"""Refunds queue: money goes back at the gateway."""

from meterai.domain.flow import Lane
from meterai.entry.queue import queue_handler
from meterai.entry.tallies import Tallies
from meterai.messages import ExecuteRefund
from meterai.services import office
from meterai.steps.execute_refund import Executing, execute_refund


def handle(body: str) -> None:
    message = ExecuteRefund.model_validate_json(body)
    needs = Executing(
        refunds=office.refunds,
        gateways=office.gateways,
        payouts=office.payouts,
        seal=office.seal,
        now=office.now,
    )
    execute_refund(message.refund_id, needs)


tallies = Tallies(lambda: office.gauges, lambda _: Lane.REFUNDS)
handler = queue_handler(handle, tallies)
