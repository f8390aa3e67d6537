"""POST /v1/webhooks/{gateway}: the payment gateway reports that a charge has changed."""

from meterai.container import container
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.responses import ANY_BODY, problems
from meterai.gateways.names import GatewayName
from meterai.steps.receive_webhook import receive_webhook

app = HttpApi(through_edge=False)  # a gateway sends all from a few addresses, and none may be lost


@app.post(
    "/v1/webhooks/<gateway>",
    summary="Receive a webhook of the gateway",
    tags=["gateway"],
    responses=problems(
        *ANY_BODY, "unavailable", "not_found", "webhook_refused", through_edge=False
    ),
)
def handle(gateway: GatewayName) -> dict[str, str]:
    event = app.current_event
    headers = {name.lower(): value for name, value in event.headers.items()}
    receive_webhook(gateway, event.decoded_body or "", headers, container)
    return {"status": "queued"}


handler = app.handler
