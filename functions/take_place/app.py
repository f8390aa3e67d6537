"""POST /v1/places: a place in the waiting room while buying is paused, or the one that is held
already. It needs no Idempotency-Key: an account has one place."""

from meterai.api import PlaceAnswer, PlaceRequest
from meterai.domain.waiting import ticket_of
from meterai.entry.http import Account, HttpApi
from meterai.services import office
from meterai.steps.take_place import take_place

app = HttpApi()


@app.post("/v1/places", summary="Take a place in the waiting room", tags=["waiting"])
def handle(body: PlaceRequest, account: Account) -> PlaceAnswer:
    del body  # an empty object
    paused = office.paused
    if paused is None:
        return PlaceAnswer.needless()
    place = take_place(account, paused, room=office.waiting_room, now=office.now)
    return PlaceAnswer.of(place, ticket_of(place, office.identities), paused)


handler = app.handler
