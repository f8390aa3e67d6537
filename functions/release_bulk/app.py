"""Every minute, second by second: bulk work enters the stamping lane, so much a second."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.lease import alone
from meterai.entrypoints.log import begin
from meterai.entrypoints.ticker import each_second
from meterai.steps.release_bulk import release_bulk


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    # Two runs would release twice as much.
    with alone("release_bulk", container.leases, container.now, context) as may_work:
        seconds = each_second(container.settings.bulk_release_run_s) if may_work else ()
        return {"handed_on": release_bulk(seconds, container)}
