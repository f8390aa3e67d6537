"""Every minute: whatever is unfinished and due is looked at, and its work goes on."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.entry.log import begin
from meterai.services import office
from meterai.steps.sweep import Sweeping, sweep


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    looked = sweep(
        Sweeping(
            orders=office.orders,
            payments=office.payments,
            serials=office.serials,
            refunds=office.refunds,
            order_clocks=office.order_clocks,
            serial_clocks=office.serial_clocks,
            refund_clocks=office.refund_clocks,
            documents=office.documents,
            lanes=office.lanes,
            identities=office.identities,
            snapshot=office.snapshot,
            urgent_within=office.urgent_within,
            now=office.now,
        )
    )
    return {"looked": looked}
