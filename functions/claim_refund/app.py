"""POST /v1/refunds/{refund_id}/claims: name the account to which a refund goes."""

from meterai.api import ClaimRequest, RefundAnswer
from meterai.domain.identity import Intention
from meterai.domain.payouts import BankAccount
from meterai.entry.http import Account, HttpApi, IdempotencyKey, RefundInPath
from meterai.services import office
from meterai.steps.claim_refund import Claiming, claim_refund

app = HttpApi()


@app.post(
    "/v1/refunds/<refund_id>/claims", status_code=202, summary="Claim a refund", tags=["refunds"]
)
def handle(
    refund_id: RefundInPath, body: ClaimRequest, account: Account, key: IdempotencyKey
) -> RefundAnswer:
    needs = Claiming(
        refunds=office.refunds,
        payouts=office.payouts,
        seal=office.seal,
        lanes=office.lanes,
        identities=office.identities,
        now=office.now,
    )
    intention = Intention(f"refunds/{refund_id}/claims", account, key)
    to = BankAccount(body.bank, body.number, body.holder)
    refund = claim_refund(intention, refund_id, body.token, to, needs)
    return RefundAnswer.about(refund, office.now, office.follow_url(refund_id))


handler = app.handler
