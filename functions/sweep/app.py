"""Every minute: whatever is unfinished and due is looked at, and its work goes on."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.log import begin
from meterai.steps.sweep import SweepPorts, sweep


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    looked = sweep(
        SweepPorts(
            orders=container.orders,
            payments=container.payments,
            serials=container.serials,
            refunds=container.refunds,
            order_timers=container.order_timers,
            serial_timers=container.serial_timers,
            refund_timers=container.refund_timers,
            documents=container.documents,
            lanes=container.lanes,
            id_deriver=container.id_deriver,
            snapshot=container.snapshot,
            urgent_window=container.urgent_window,
            now=container.now,
        )
    )
    return {"looked": looked}
