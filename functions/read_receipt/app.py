"""GET /v1/stampings/{stamping_id}/receipt: that the document was accepted, and when."""

from meterai.api import ReceiptAnswer
from meterai.domain.errors import NotFound
from meterai.domain.serials import parse_serial
from meterai.entry.http import Account, HttpApi
from meterai.services import office
from meterai.steps.read_receipt import Receipting, read_receipt

app = HttpApi()


@app.get(
    "/v1/stampings/<stamping_id>/receipt", summary="Get a deadline receipt", tags=["stampings"]
)
def handle(stamping_id: str, account: Account) -> ReceiptAnswer:
    serial = parse_serial(stamping_id)
    if serial is None:
        raise NotFound
    needs = Receipting(
        orders=office.orders,
        serials=office.serials,
        keys=office.receipt_keys,
        seal=office.receipt_seal,
        identities=office.identities,
        now=office.now,
    )
    return ReceiptAnswer(receipt=read_receipt(account, serial, needs))


handler = app.handler
