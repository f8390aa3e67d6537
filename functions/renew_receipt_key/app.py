"""Every minute, where it is missing: the key for the coming hour's deadline receipts."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.lease import alone
from meterai.entrypoints.log import begin
from meterai.steps.renew_receipt_key import renew_receipt_key


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    # Two runs would make and certify two keys for one hour.
    with alone("renew_receipt_key", container.leases, container.now, context) as may_work:
        return {"made": renew_receipt_key(container, container.now) if may_work else 0}
