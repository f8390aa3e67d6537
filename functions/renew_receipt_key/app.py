"""Every half hour: the key for the coming hour's deadline receipts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.log import begin
from meterai.steps.renew_receipt_key import renew_receipt_key


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    return {"made": renew_receipt_key(container, container.now)}
