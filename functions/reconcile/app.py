"""Every quarter of an hour: the last days are reconciled, as far as they are not yet."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.log import begin
from meterai.steps.order_facts import Facts
from meterai.steps.reconcile import ReconcilePorts, reconcile

TIME_FOR_A_WINDOW_MS = 300_000


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    facts = Facts(
        container.orders,
        container.payments,
        container.serials,
        container.refunds,
        container.id_deriver,
    )
    compared = reconcile(
        ReconcilePorts(
            facts=facts,
            gateways=container.gateways,
            records=container.records,
            reports=container.day_reports,
            lanes=container.lanes,
            now=container.now,
            has_time=lambda: context.get_remaining_time_in_millis() > TIME_FOR_A_WINDOW_MS,
        )
    )
    return {"compared": compared}
