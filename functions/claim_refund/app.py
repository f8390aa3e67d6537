"""POST /v1/refunds/{refund_id}/claims: name the account to which a refund goes."""

from meterai.api import ClaimRequest, RefundAnswer
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.refunds.payouts import BankAccount
from meterai.entrypoints.http import Account, AnswerLanguage, HttpApi, IdempotencyKey, RefundInPath
from meterai.steps.claim_refund import ClaimRefundPorts, claim_refund

app = HttpApi()


@app.post(
    "/v1/refunds/<refund_id>/claims", status_code=202, summary="Claim a refund", tags=["refunds"]
)
def handle(
    refund_id: RefundInPath,
    body: ClaimRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
) -> RefundAnswer:
    ports = ClaimRefundPorts(
        refunds=container.refunds,
        payouts=container.payouts,
        account_cipher=container.account_cipher,
        lanes=container.lanes,
        id_deriver=container.id_deriver,
        now=container.now,
    )
    request_identity = RequestIdentity(f"refunds/{refund_id}/claims", account, key)
    to = BankAccount(body.bank, body.number, body.holder)
    refund = claim_refund(request_identity, refund_id, body.token, to, ports)
    return RefundAnswer.about(refund, container.now, language, container.follow_url(refund_id))


handler = app.handler
