"""GET /v1/refunds/{refund_id}: how far a refund is, and by when it is promised."""

from meterai.api import RefundAnswer
from meterai.domain.errors import NotFound
from meterai.entry.http import Account, HttpApi, RefundInPath
from meterai.services import office

app = HttpApi()


@app.get("/v1/refunds/<refund_id>", summary="Read a refund", tags=["refunds"])
def handle(refund_id: RefundInPath, account: Account) -> RefundAnswer:
    refund = office.refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    return RefundAnswer.about(refund, office.now, office.follow_url(refund_id))


handler = app.handler
