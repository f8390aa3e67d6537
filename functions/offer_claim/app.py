"""POST /v1/refunds/{refund_id}/claim-links: a link to name the account to which a refund goes."""

from meterai.api import ClaimLinkAnswer, ClaimLinkRequest
from meterai.entry.http import Account, HttpApi, RefundInPath
from meterai.services import office
from meterai.steps.offer_claim import offer_claim

app = HttpApi()


@app.post("/v1/refunds/<refund_id>/claim-links", summary="Get a claim link", tags=["refunds"])
def handle(refund_id: RefundInPath, body: ClaimLinkRequest, account: Account) -> ClaimLinkAnswer:
    del body  # an empty object
    offer = offer_claim(
        account, refund_id, refunds=office.refunds, identities=office.identities, now=office.now
    )
    return ClaimLinkAnswer(token=offer.token, expires_at=offer.expires_at)


handler = app.handler
