"""POST /v1/refunds/{refund_id}/claim-links: a link to name the account to which a refund goes."""

from meterai.api import ClaimLinkAnswer, ClaimLinkRequest
from meterai.container import container
from meterai.entrypoints.http import Account, HttpApi, RefundInPath
from meterai.entrypoints.responses import BODY, problems
from meterai.steps.create_claim_link import create_claim_link

app = HttpApi()


@app.post(
    "/v1/refunds/<refund_id>/claim-links",
    summary="Get a claim link",
    tags=["refunds"],
    responses=problems(*BODY, "unavailable", "not_found", "no_account_needed"),
)
def handle(refund_id: RefundInPath, body: ClaimLinkRequest, account: Account) -> ClaimLinkAnswer:
    del body  # an empty object
    offer = create_claim_link(account, refund_id, container, container.now)
    return ClaimLinkAnswer(token=offer.token, expires_at=offer.expires_at)


handler = app.handler
