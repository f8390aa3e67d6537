"""GET /v1/stampings/{stamping_id}/receipt: that the document was accepted, and when."""

from meterai.api import ReceiptAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.domain.stamping.serials import parse_serial
from meterai.entrypoints.http import Account, HttpApi
from meterai.steps.read_receipt import ReadReceiptPorts, read_receipt

app = HttpApi()


@app.get(
    "/v1/stampings/<stamping_id>/receipt", summary="Get a deadline receipt", tags=["stampings"]
)
def handle(stamping_id: str, account: Account) -> ReceiptAnswer:
    serial = parse_serial(stamping_id)
    if serial is None:
        raise NotFound
    ports = ReadReceiptPorts(
        orders=container.orders,
        serials=container.serials,
        keys=container.receipt_keys,
        signer=container.receipt_signer,
        id_deriver=container.id_deriver,
        now=container.now,
    )
    return ReceiptAnswer(receipt=read_receipt(account, serial, ports))


handler = app.handler
