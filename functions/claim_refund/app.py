"""POST /v1/refunds/{refund_id}/claims: name the account to which a refund goes."""

from meterai.api import ClaimRequest, RefundAnswer
from meterai.container import container
from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.refunds.payouts import BankAccount
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    IdempotencyKey,
    RefundInPath,
)
from meterai.entrypoints.responses import BODY, KEY, problems
from meterai.steps.claim_refund import claim_refund

app = HttpApi()


@app.post(
    "/v1/refunds/<refund_id>/claims",
    status_code=202,
    summary="Claim a refund",
    tags=["refunds"],
    responses=problems(
        *BODY,
        *KEY,
        "unavailable",
        "not_found",
        "claim_link_invalid",
        "claim_link_expired",
        "claim_link_used",
        "no_account_needed",
        "account_unknown",
        "account_name_mismatch",
        "too_many_claim_attempts",
        "gateway_refused",
    ),
)
def handle(
    refund_id: RefundInPath,
    body: ClaimRequest,
    account: Account,
    key: IdempotencyKey,
    language: AnswerLanguage,
) -> RefundAnswer:
    request_identity = RequestIdentity(f"refunds/{refund_id}/claims", account, key)
    to = BankAccount(body.bank, body.number, body.holder)
    refund = claim_refund(request_identity, refund_id, body.token, to, container, container.now)
    return RefundAnswer.about(refund, container.now, language, container.follow_url(refund_id))


handler = app.handler
