"""GET /v1/receipt-keys/{key_id}: what is needed to check a deadline receipt. Public, and the same
for ever: portals keep it."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.api import ReceiptKeyAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.entrypoints.http import HttpApi, ReceiptKeyInPath

app = HttpApi()


@app.get("/v1/receipt-keys/<key_id>", summary="Get a receipt key", tags=["public"])
def handle(key_id: ReceiptKeyInPath) -> Response[ReceiptKeyAnswer]:
    statement = container.receipt_keys.statement(key_id)
    if statement is None:
        raise NotFound
    answer = ReceiptKeyAnswer.of(key_id, statement)
    return Response(
        HTTPStatus.OK, "application/json", answer, {"Cache-Control": "public, max-age=3600"}
    )


handler = app.handler
