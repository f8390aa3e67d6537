"""Every minute, second by second: how long the lanes are, and who may buy."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.log import begin
from meterai.entrypoints.ticker import each_second
from meterai.steps.publish_load_snapshot import publish_load_snapshot


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    seconds = each_second(container.settings.load_snapshot_run_s)
    return {"measured": publish_load_snapshot(seconds, container)}
