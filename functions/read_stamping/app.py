"""GET /v1/stampings/{stamping_id}: how far a stamping is, and the stamped file once it is done."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import StampingAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.domain.stamping.serials import parse_serial
from meterai.domain.stamping.stamping_lanes import stamping_lane
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.waiting.queue_status import QueuePosition
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi, until_asked_again

app = HttpApi()


@app.get("/v1/stampings/<stamping_id>", summary="Read a stamping", tags=["stampings"])
def handle(
    stamping_id: str, account: Account, language: AnswerLanguage
) -> Response[StampingAnswer]:
    container.poll_limiter.check((account, stamping_id), container.now)
    serial = parse_serial(stamping_id)
    emeterai = container.serials.get(serial) if serial else None
    if emeterai is None or emeterai.account != account:
        raise NotFound
    several = len(emeterai.serials) > 1
    stamping = container.serials.get_many(emeterai.serials) if several else (emeterai,)
    stamped = emeterai.state is SerialState.STAMPED
    answer = StampingAnswer.of(
        stamping,
        language,
        download_url=container.documents.download_url(emeterai) if stamped else None,
        augmented_url=container.documents.augmented_url(emeterai)
        if emeterai.is_augmented
        else None,
        queue_position=_standing(emeterai),
    )
    container.poll_limiter.record((account, stamping_id), answer.poll_after_ms, container.now)
    return until_asked_again(answer, answer.poll_after_ms)


def _standing(emeterai: EMeterai) -> QueuePosition | None:
    """In its lane, until a worker takes it: then it waits for nothing that is measured. What was
    asked for before its payment was sent there when that became known."""
    if emeterai.state is not SerialState.RESERVED or emeterai.is_claimed(container.now):
        return None
    sent_at = emeterai.lane_begins
    if sent_at is None:
        order = container.orders.get(emeterai.order_id)
        sent_at = (order.payment_known_at or order.paid_at) if order else None
    lane = stamping_lane(emeterai, container.snapshot, container.now, container.urgent_window)
    return container.queue_position(lane, sent_at) if sent_at else None


handler = app.handler
