"""GET /v1/waiting-room/tickets/{ticket}: how far the waiting room has come. Nothing is looked up
but the snapshot that every instance has: a million may ask."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import TicketAnswer
from meterai.container import container
from meterai.domain.waiting.tickets import parse_ticket
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi, until_asked_again

app = HttpApi()


@app.get("/v1/waiting-room/tickets/<ticket>", summary="Ask whose turn it is", tags=["waiting"])
def handle(ticket: str, account: Account, language: AnswerLanguage) -> Response[TicketAnswer]:
    place = parse_ticket(ticket, account, container.id_deriver)
    container.poll_limiter.check((account, ticket), container.now)
    paused = container.paused
    answer = (
        TicketAnswer.not_needed(language)
        if paused is None
        else TicketAnswer.of(place, ticket, paused, language)
    )
    container.poll_limiter.record((account, ticket), answer.poll_after_ms, container.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
