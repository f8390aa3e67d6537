"""POST /v1/notices/{gateway}: the payment gateway tells that something happened to a charge."""

from meterai.domain.errors import NotFound
from meterai.domain.payments import GatewayName
from meterai.entry.http import HttpApi
from meterai.services import office
from meterai.steps.receive_notice import receive_notice

app = HttpApi()


@app.post("/v1/notices/<gateway>", summary="A notice of the gateway", tags=["gateway"])
def handle(gateway: GatewayName) -> dict[str, str]:
    if gateway not in office.notice_checks:
        raise NotFound
    event = app.current_event
    receive_notice(
        gateway,
        event.decoded_body or "",
        {name.lower(): value for name, value in event.headers.items()},
        check_notice=office.notice_checks[gateway],
        lanes=office.lanes,
    )
    return {"status": "queued"}


handler = app.handler
