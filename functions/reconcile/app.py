"""Every quarter of an hour: the last days are reconciled, where they are not yet."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.lease import alone
from meterai.entrypoints.log import begin
from meterai.steps.reconcile import reconcile

TIME_FOR_A_WINDOW_MS = 300_000


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    # Two runs would write the same report.
    with alone("reconcile", container.leases, container.now, context) as may_work:
        if not may_work:
            return {"compared": 0}
        compared = reconcile(
            container,
            container.now,
            has_time=lambda: context.get_remaining_time_in_millis() > TIME_FOR_A_WINDOW_MS,
        )
        return {"compared": compared}
