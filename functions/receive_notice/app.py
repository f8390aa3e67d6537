"""POST /v1/notices/midtrans: the payment gateway tells that something happened to a charge."""

from meterai.entry.http import HttpApi
from meterai.services import office
from meterai.steps.receive_notice import receive_notice

app = HttpApi()


@app.post("/v1/notices/midtrans", summary="A notice of the gateway", tags=["gateway"])
def handle() -> dict[str, str]:
    body = app.current_event.decoded_body or ""
    receive_notice("midtrans", body, read_notice=office.read_notice, lanes=office.lanes)
    return {"status": "queued"}


handler = app.handler
