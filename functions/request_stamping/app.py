"""POST /v1/stampings: put e-meterai of an order on an uploaded document."""

from datetime import datetime

from meterai.api import StampingAnswer, StampingRequest
from meterai.domain.identity import Intention
from meterai.domain.stamping_lanes import stamping_lane
from meterai.domain.stampings import EMeterai
from meterai.entry.http import Account, HttpApi, IdempotencyKey, body_hash
from meterai.services import office
from meterai.steps.read_receipt import receipt_on_acceptance
from meterai.steps.request_stamping import Requesting, Wish, request_stamping

app = HttpApi()


@app.post("/v1/stampings", status_code=202, summary="Stamp a document", tags=["stampings"])
def handle(body: StampingRequest, account: Account, key: IdempotencyKey) -> StampingAnswer:
    """The answer also tells where it stands in its lane and, if it is paid, gives the receipt."""
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
        bulk=body.bulk,
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
        snapshot=office.snapshot,
        urgent_within=office.urgent_within,
        now=office.now,
    )
    emeterai = request_stamping(Intention("stampings", account, key), wish, needs)
    sent_at = emeterai[0].lane_begins
    lane = stamping_lane(emeterai[0], office.snapshot, office.now, office.urgent_within)
    standing = office.standing(lane, sent_at) if sent_at else None
    return StampingAnswer.of(
        emeterai,
        download_url=None,
        standing=standing,
        receipt=_receipt(emeterai[0], sent_at) if sent_at else None,
    )


def _receipt(first: EMeterai, accepted_at: datetime) -> str | None:
    return receipt_on_acceptance(
        first,
        accepted_at,
        keys=office.receipt_keys,
        seal=office.receipt_seal,
        identities=office.identities,
        now=office.now,
    )


handler = app.handler
