"""GET /v1/waiting-room/tickets/{ticket}: how far the waiting room has come. Only the snapshot is
read, which every instance has: a million clients may poll."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import TicketAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.read_ticket import read_ticket

app = HttpApi()


@app.get(
    "/v1/waiting-room/tickets/<ticket>",
    summary="Read a ticket",
    tags=["waiting-room"],
    responses=problems("unavailable", "not_found", "too_many_requests"),
)
def handle(ticket: str, account: Account, language: AnswerLanguage) -> Response[TicketAnswer]:
    container.poll_limiter.check((account, ticket), container.now)
    held = read_ticket(account, ticket, container, container.now)
    if held is None:
        answer = TicketAnswer.not_needed(language)
    else:
        answer = TicketAnswer.of(held.ticket, held.text, held.admission, language)
    container.poll_limiter.record((account, ticket), answer.poll_after_ms, container.now)
    return cacheable_until_next_poll(answer, answer.poll_after_ms)


handler = app.handler
