"""GET /v1/stampings/{stamping_id}/receipt, and the page for people: that the document was accepted,
and when."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.api import ReceiptAnswer
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi
from meterai.entrypoints.responses import problems
from meterai.pages.site import Site
from meterai.pages.views import receipts
from meterai.steps.read_receipt import read_receipt

PAGES = "/saya/"

app = HttpApi()
site = Site(container)


@app.get(
    "/v1/stampings/<stamping_id>/receipt",
    summary="Get a deadline receipt",
    tags=["stampings"],
    responses=problems("unavailable", "not_found", "order_not_paid", "receipt_expired"),
)
def handle(stamping_id: str, account: Account) -> ReceiptAnswer:
    return ReceiptAnswer(receipt=read_receipt(account, stamping_id, container, container.now))


site.page("/saya/tanda-terima/<stamping_id>", receipts.show)


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    is_page = event["rawPath"].startswith(PAGES)
    return site.handler(event, context) if is_page else app.handler(event, context)
