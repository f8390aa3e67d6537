"""GET /v1/refunds/{refund_id}: how far a refund is, and by when it is promised."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundAnswer
from meterai.domain.errors import NotFound
from meterai.domain.flow import Lane
from meterai.entry.http import Account, HttpApi, RefundInPath, until_asked_again
from meterai.services import office

app = HttpApi()


@app.get("/v1/refunds/<refund_id>", summary="Read a refund", tags=["refunds"])
def handle(refund_id: RefundInPath, account: Account) -> Response[RefundAnswer]:
    office.patience.ask((account, refund_id), office.now)
    refund = office.refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    standing = office.standing(Lane.REFUNDS, refund.created_at)
    answer = RefundAnswer.about(refund, office.now, office.follow_url(refund_id), standing)
    office.patience.tell((account, refund_id), answer.poll_after_ms, office.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
