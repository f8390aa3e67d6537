"""POST /v1/stampings: put e-meterai of an order on an uploaded document."""

from datetime import datetime

from meterai.api import StampingAnswer, StampingRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.stamping.stamping_lanes import stamping_lane
from meterai.domain.stamping.stampings import EMeterai
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi, IdempotencyKey, body_hash
from meterai.steps.read_receipt import receipt_on_acceptance
from meterai.steps.request_stamping import RequestedStamping, RequestStampingPorts, request_stamping

app = HttpApi()


@app.post("/v1/stampings", status_code=202, summary="Stamp a document", tags=["stampings"])
def handle(
    body: StampingRequest, account: Account, key: IdempotencyKey, language: AnswerLanguage
) -> StampingAnswer:
    """The answer also tells where it stands in its lane and, if it is paid, gives the receipt."""
    wanted = RequestedStamping(
        order_id=body.order_id,
        document=body.document,
        places=tuple(placement.wanted() for placement in body.placements),
        allow_overlap=body.allow_overlap,
        repair=body.repair,
        kind=body.kind,
        reason=body.reason,
        portal=body.portal,
        allow_duplicate=body.allow_duplicate,
        bulk=body.bulk,
        body_hash=body_hash(body),
    )
    ports = RequestStampingPorts(
        orders=container.orders,
        serials=container.serials,
        documents=container.documents,
        lanes=container.lanes,
        preflight=container.preflight,
        id_deriver=container.id_deriver,
        portals=container.settings.portals,
        promise=container.promise,
        level=container.settings.signature_level,
        snapshot=container.snapshot,
        urgent_window=container.urgent_window,
        now=container.now,
    )
    emeterai = request_stamping(RequestIdentity("stampings", account, key), wanted, ports)
    sent_at = emeterai[0].lane_begins
    lane = stamping_lane(emeterai[0], container.snapshot, container.now, container.urgent_window)
    queue_position = container.queue_position(lane, sent_at) if sent_at else None
    return StampingAnswer.of(
        emeterai,
        language,
        download_url=None,
        queue_position=queue_position,
        receipt=_receipt(emeterai[0], sent_at) if sent_at else None,
    )


def _receipt(first: EMeterai, accepted_at: datetime) -> str | None:
    return receipt_on_acceptance(
        first,
        accepted_at,
        keys=container.receipt_keys,
        signer=container.receipt_signer,
        id_deriver=container.id_deriver,
        now=container.now,
    )


handler = app.handler
