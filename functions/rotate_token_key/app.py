"""Every hour, when one is due: the next key of tickets and links. Invoked with
`{"has_leaked": true}` (`meterai_cli replace-token-keys`) it replaces all keys at once."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.entrypoints.lease import alone
from meterai.entrypoints.log import begin
from meterai.steps.rotate_token_key import rotate_token_key


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[str]]:
    begin(context)
    has_leaked = event.get("has_leaked") is True
    # Of two runs that write, one would undo what the other wrote.
    with alone("rotate_token_key", container.leases, container.now, context) as may_work:
        keys = rotate_token_key(container, container.now, has_leaked=has_leaked) if may_work else ()
        return {"key_ids": [key.key_id for key in keys]}
