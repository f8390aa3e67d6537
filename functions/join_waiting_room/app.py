"""POST /v1/waiting-room/tickets: a place in the waiting room while buying is paused, or the one
that is held already. It needs no Idempotency-Key: an account has one place."""

from meterai.api import TicketAnswer, TicketRequest
from meterai.container import container
from meterai.domain.waiting.tickets import ticket_text
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi
from meterai.steps.join_waiting_room import join_waiting_room

app = HttpApi()


@app.post("/v1/waiting-room/tickets", summary="Take a place in the waiting room", tags=["waiting"])
def handle(body: TicketRequest, account: Account, language: AnswerLanguage) -> TicketAnswer:
    del body  # an empty object
    paused = container.paused
    if paused is None:
        return TicketAnswer.not_needed(language)
    place = join_waiting_room(account, paused, room=container.waiting_room, now=container.now)
    return TicketAnswer.of(place, ticket_text(place, container.id_deriver), paused, language)


handler = app.handler
