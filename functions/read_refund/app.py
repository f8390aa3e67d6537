"""GET /v1/refunds/{refund_id}: how far a refund is, and by when it is promised."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    RefundInPath,
    until_asked_again,
)

app = HttpApi()


@app.get("/v1/refunds/<refund_id>", summary="Read a refund", tags=["refunds"])
def handle(
    refund_id: RefundInPath, account: Account, language: AnswerLanguage
) -> Response[RefundAnswer]:
    container.poll_limiter.check((account, refund_id), container.now)
    refund = container.refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    queue_position = container.queue_position(Lane.REFUNDS, refund.created_at)
    answer = RefundAnswer.about(
        refund, container.now, language, container.follow_url(refund_id), queue_position
    )
    container.poll_limiter.record((account, refund_id), answer.poll_after_ms, container.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
