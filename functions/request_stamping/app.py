"""POST /v1/stampings: put e-meterai of an order on an uploaded document."""

from meterai.api import StampingAnswer, StampingRequest
from meterai.domain.identity import Intention
from meterai.entry.http import Account, HttpApi, IdempotencyKey, body_hash
from meterai.services import office
from meterai.steps.request_stamping import Requesting, Wish, request_stamping

app = HttpApi()


@app.post("/v1/stampings", status_code=202, summary="Stamp a document", tags=["stampings"])
def handle(body: StampingRequest, account: Account, key: IdempotencyKey) -> StampingAnswer:
    wish = Wish(
        order_id=body.order_id,
        document=body.document,
        places=tuple(placement.wish() for placement in body.placements),
        allow_overlap=body.allow_overlap,
        repair=body.repair,
        kind=body.kind,
        reason=body.reason,
        portal=body.portal,
        again=body.again,
        body_hash=body_hash(body),
    )
    needs = Requesting(
        orders=office.orders,
        serials=office.serials,
        documents=office.documents,
        lanes=office.lanes,
        examine=office.examine,
        identities=office.identities,
        portals=office.settings.portals,
        promise=office.promise,
        level=office.settings.signature_level,
        now=office.now,
    )
    emeterai = request_stamping(Intention("stampings", account, key), wish, needs)
    return StampingAnswer.of(emeterai, download_url=None)


handler = app.handler
