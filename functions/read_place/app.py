"""GET /v1/places/{ticket}: how far the waiting room has come. Nothing is looked up but the snapshot
that every instance has: a million may ask."""

from meterai.api import PlaceAnswer
from meterai.domain.waiting import place_of
from meterai.entry.http import Account, HttpApi
from meterai.services import office

app = HttpApi()


@app.get("/v1/places/<ticket>", summary="Ask whose turn it is", tags=["waiting"])
def handle(ticket: str, account: Account) -> PlaceAnswer:
    place = place_of(ticket, account, office.identities)
    paused = office.paused
    if paused is None:
        return PlaceAnswer.needless()
    return PlaceAnswer.of(place, ticket, paused)


handler = app.handler
