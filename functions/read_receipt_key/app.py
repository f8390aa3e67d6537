"""GET /v1/receipt-keys/{key_id}: what is needed to check a deadline receipt. Public, and never
changed: portals keep it."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.api import ReceiptKeyAnswer
from meterai.container import container
from meterai.entrypoints.http import HttpApi, ReceiptKeyInPath
from meterai.entrypoints.responses import problems
from meterai.steps.read_receipt_key import read_receipt_key

app = HttpApi()


@app.get(
    "/v1/receipt-keys/<key_id>",
    summary="Get a receipt key",
    tags=["receipts"],
    responses=problems("unavailable", "not_found"),
)
def handle(key_id: ReceiptKeyInPath) -> Response[ReceiptKeyAnswer]:
    answer = ReceiptKeyAnswer.of(key_id, read_receipt_key(key_id, container))
    return Response(
        HTTPStatus.OK, "application/json", answer, {"Cache-Control": "public, max-age=3600"}
    )


handler = app.handler
