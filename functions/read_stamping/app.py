"""GET /v1/stampings/{stamping_id}: how far a stamping is, and the stamped file once it is done."""

from meterai.api import StampingAnswer
from meterai.domain.errors import NotFound
from meterai.domain.serials import parse_serial
from meterai.domain.stampings import SerialState
from meterai.entry.http import Account, HttpApi
from meterai.services import office

app = HttpApi()


@app.get("/v1/stampings/<stamping_id>", summary="Read a stamping", tags=["stampings"])
def handle(stamping_id: str, account: Account) -> StampingAnswer:
    serial = parse_serial(stamping_id)
    emeterai = office.serials.get(serial) if serial else None
    if emeterai is None or emeterai.account != account:
        raise NotFound
    several = len(emeterai.serials) > 1
    stamping = office.serials.get_many(emeterai.serials) if several else (emeterai,)
    stamped = emeterai.state is SerialState.STAMPED
    return StampingAnswer.of(
        stamping,
        download_url=office.documents.download_url(emeterai) if stamped else None,
        preserved_url=office.documents.preserved_url(emeterai) if emeterai.is_preserved else None,
    )


handler = app.handler
