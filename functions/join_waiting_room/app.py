"""POST /v1/waiting-room/tickets: a ticket of the waiting room while buying is paused, or the one
that the account holds already. It needs no Idempotency-Key: an account has one ticket."""

from meterai.api import TicketAnswer, TicketRequest
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
)
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.join_waiting_room import join_waiting_room

app = HttpApi()


@app.post(
    "/v1/waiting-room/tickets",
    summary="Join the waiting room",
    tags=["waiting-room"],
    responses=problems(*BODY, "unavailable"),
)
def handle(body: TicketRequest, account: Account, language: AnswerLanguage) -> TicketAnswer:
    del body  # an empty object
    held = join_waiting_room(account, container, container.now)
    if held is None:
        return TicketAnswer.not_needed(language)
    return TicketAnswer.of(held.ticket, held.text, held.admission, language)


handler = app.handler
