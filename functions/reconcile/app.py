"""Every quarter of an hour: the last days are reconciled, as far as they are not yet."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.entry.log import begin
from meterai.services import office
from meterai.steps.order_facts import Facts
from meterai.steps.reconcile import Reconciling, reconcile

TIME_FOR_A_WINDOW_MS = 300_000


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    facts = Facts(office.orders, office.payments, office.serials, office.refunds, office.identities)
    compared = reconcile(
        Reconciling(
            facts=facts,
            gateways=office.gateways,
            records=office.records,
            reports=office.day_reports,
            lanes=office.lanes,
            now=office.now,
            has_time=lambda: context.get_remaining_time_in_millis() > TIME_FOR_A_WINDOW_MS,
        )
    )
    return {"compared": compared}
