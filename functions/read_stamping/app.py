"""GET /v1/stampings/{stamping_id}: the state of a stamping, and its file once it is stamped."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import StampingAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.read_stamping import read_stamping

app = HttpApi()


@app.get(
    "/v1/stampings/<stamping_id>",
    summary="Read a stamping",
    tags=["stampings"],
    responses=problems("unavailable", "not_found", "too_many_requests"),
)
def handle(
    stamping_id: str, account: Account, language: AnswerLanguage
) -> Response[StampingAnswer]:
    container.poll_limiter.check((account, stamping_id), container.now)
    status = read_stamping(account, stamping_id, container, container.now)
    answer = StampingAnswer.of(
        status.emeterai,
        language,
        download_url=status.download_url,
        augmented_url=status.augmented_url,
        queue_position=status.queue_position,
    )
    container.poll_limiter.record((account, stamping_id), answer.poll_after_ms, container.now)
    return cacheable_until_next_poll(answer, answer.poll_after_ms)


handler = app.handler
