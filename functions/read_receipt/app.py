"""GET /v1/stampings/{stamping_id}/receipt: that the document was accepted, and when."""

from meterai.api import ReceiptAnswer
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi
from meterai.entrypoints.responses import problems
from meterai.steps.read_receipt import read_receipt

app = HttpApi()


@app.get(
    "/v1/stampings/<stamping_id>/receipt",
    summary="Get a deadline receipt",
    tags=["stampings"],
    responses=problems("unavailable", "not_found", "order_not_paid", "receipt_expired"),
)
def handle(stamping_id: str, account: Account) -> ReceiptAnswer:
    return ReceiptAnswer(receipt=read_receipt(account, stamping_id, container, container.now))


handler = app.handler
