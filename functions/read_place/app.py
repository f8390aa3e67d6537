"""GET /v1/places/{ticket}: how far the waiting room has come. Nothing is looked up but the snapshot
that every instance has: a million may ask."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import PlaceAnswer
from meterai.domain.waiting import place_of
from meterai.entry.http import Account, HttpApi, until_asked_again
from meterai.services import office

app = HttpApi()


@app.get("/v1/places/<ticket>", summary="Ask whose turn it is", tags=["waiting"])
def handle(ticket: str, account: Account) -> Response[PlaceAnswer]:
    place = place_of(ticket, account, office.identities)
    office.patience.ask((account, ticket), office.now)
    paused = office.paused
    answer = PlaceAnswer.needless() if paused is None else PlaceAnswer.of(place, ticket, paused)
    office.patience.tell((account, ticket), answer.poll_after_ms, office.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
