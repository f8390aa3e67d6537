"""GET /v1/refunds/{refund_id}: the state of a refund, and by when it is promised."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    RefundInPath,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.queue_positions import refund_position
from meterai.steps.read_refund import read_refund

app = HttpApi()


@app.get(
    "/v1/refunds/<refund_id>",
    summary="Read a refund",
    tags=["refunds"],
    responses=problems("unavailable", "not_found", "too_many_requests"),
)
def handle(
    refund_id: RefundInPath, account: Account, language: AnswerLanguage
) -> Response[RefundAnswer]:
    container.poll_limiter.check((account, refund_id), container.now)
    refund, now = read_refund(account, refund_id, container), container.now
    queue_position = refund_position(refund, container, now)
    answer = RefundAnswer.about(
        refund, now, language, container.follow_url(refund_id), queue_position
    )
    container.poll_limiter.record((account, refund_id), answer.poll_after_ms, now)
    return cacheable_until_next_poll(answer, answer.poll_after_ms)


handler = app.handler
