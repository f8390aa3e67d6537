"""GET /v1/portals/{portal}: its deadline, and whether what is bought now would be in time."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import PortalAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    AnswerLanguage,
    HttpApi,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.read_portal import read_portal

app = HttpApi()


@app.get(
    "/v1/portals/<portal>",
    summary="Read a portal's deadline",
    tags=["portals"],
    responses=problems("unavailable", "not_found"),
)
def handle(portal: str, language: AnswerLanguage) -> Response[PortalAnswer]:
    now = container.now
    known = read_portal(portal, container, now)
    answer = PortalAnswer.of(portal, known, now, language)
    return cacheable_until_next_poll(answer, answer.poll_after_ms)


handler = app.handler
