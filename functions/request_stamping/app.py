"""POST /v1/stampings: put e-meterai of an order on an uploaded document."""

from meterai.api import StampingAnswer, StampingRequest
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    body_hash,
)
from meterai.entrypoints.responses import BODY, KEY, READABLE, STAMPABLE, UPLOADED, problems
from meterai.steps.queue_positions import stamping_position
from meterai.steps.read_receipt import receipt_on_acceptance
from meterai.steps.request_stamping import RequestedStamping, request_stamping

app = HttpApi()


@app.post(
    "/v1/stampings",
    status_code=202,
    summary="Stamp a document",
    tags=["stampings"],
    responses=problems(
        *BODY,
        *KEY,
        "unavailable",
        "not_found",
        "portal_unknown",
        "deadline_past",
        "order_closed",
        "no_balance",
        "document_already_stamped",
        "earlier_emeterai_broken",
        "covers_text",
        *UPLOADED,
        *READABLE,
        *STAMPABLE,
    ),
)
def handle(
    body: StampingRequest, account: Account, key: IdempotencyKey, language: AnswerLanguage
) -> StampingAnswer:
    """The answer also says how long it waits and, if it is paid, has the receipt."""
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
    request_identity = RequestIdentity("stampings", account, key)
    emeterai = request_stamping(request_identity, wanted, container, container.now)
    first, now = emeterai[0], container.now
    return StampingAnswer.of(
        emeterai,
        language,
        download_url=None,
        queue_position=stamping_position(first, first.lane_begins, container, now),
        receipt=receipt_on_acceptance(first, container, now),
    )


handler = app.handler
