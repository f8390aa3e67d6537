"""GET /v1/stampings/{stamping_id}: how far a stamping is, and the stamped file once it is done."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import StampingAnswer
from meterai.domain.errors import NotFound
from meterai.domain.flow import Standing
from meterai.domain.serials import parse_serial
from meterai.domain.stamping_lanes import stamping_lane
from meterai.domain.stampings import EMeterai, SerialState
from meterai.entry.http import Account, HttpApi, until_asked_again
from meterai.services import office

app = HttpApi()


@app.get("/v1/stampings/<stamping_id>", summary="Read a stamping", tags=["stampings"])
def handle(stamping_id: str, account: Account) -> Response[StampingAnswer]:
    office.patience.ask((account, stamping_id), office.now)
    serial = parse_serial(stamping_id)
    emeterai = office.serials.get(serial) if serial else None
    if emeterai is None or emeterai.account != account:
        raise NotFound
    several = len(emeterai.serials) > 1
    stamping = office.serials.get_many(emeterai.serials) if several else (emeterai,)
    stamped = emeterai.state is SerialState.STAMPED
    answer = StampingAnswer.of(
        stamping,
        download_url=office.documents.download_url(emeterai) if stamped else None,
        preserved_url=office.documents.preserved_url(emeterai) if emeterai.is_preserved else None,
        standing=_standing(emeterai),
    )
    office.patience.tell((account, stamping_id), answer.poll_after_ms, office.now)
    return until_asked_again(answer, answer.poll_after_ms)


def _standing(emeterai: EMeterai) -> Standing | None:
    """In its lane, until a worker takes it: then it waits for nothing that is measured. What was
    asked for before its payment was sent there when that became known."""
    if emeterai.state is not SerialState.RESERVED or emeterai.is_claimed(office.now):
        return None
    sent_at = emeterai.lane_begins
    if sent_at is None:
        order = office.orders.get(emeterai.order_id)
        sent_at = (order.payment_known_at or order.paid_at) if order else None
    lane = stamping_lane(emeterai, office.snapshot, office.now, office.urgent_within)
    return office.standing(lane, sent_at) if sent_at else None


handler = app.handler
