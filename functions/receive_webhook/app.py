"""POST /v1/webhooks/{gateway}: the payment gateway tells that something happened to a charge."""

from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.domain.orders.payments import GatewayName
from meterai.entrypoints.http import HttpApi
from meterai.steps.receive_webhook import receive_webhook

app = HttpApi()


@app.post("/v1/webhooks/<gateway>", summary="A notice of the gateway", tags=["gateway"])
def handle(gateway: GatewayName) -> dict[str, str]:
    if gateway not in container.webhook_verifiers:
        raise NotFound
    event = app.current_event
    receive_webhook(
        gateway,
        event.decoded_body or "",
        {name.lower(): value for name, value in event.headers.items()},
        verify_webhook=container.webhook_verifiers[gateway],
        lanes=container.lanes,
    )
    return {"status": "queued"}


handler = app.handler
