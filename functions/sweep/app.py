"""Every minute: every unfinished item that is due is checked, and its work is resumed."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.log import begin
from meterai.steps.sweep import sweep


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    return {"checked": sweep(container, container.now)}
