"""Claim a refund: the buyer names a bank account, the bank says whose it is, and the money is paid
out to it."""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import (
    AccountNameMismatch,
    AccountUnknown,
    KeyReused,
    NoAccountNeeded,
    NotFound,
    TooManyClaimAttempts,
    Unavailable,
)
from meterai.domain.id_derivation import IdDeriver, RefundId, RequestIdentity
from meterai.domain.refunds.account_name_match import is_same_holder
from meterai.domain.refunds.links import check_claim_token
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refund_transitions import claimed, more_tries_in_s
from meterai.domain.refunds.refunds import MAX_CLAIM_TRIES, Claim, Refund, RefundState
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports import AccountCipher, Lanes, Payouts, Refunds

logger = logging.getLogger(__name__)


class ClaimRefundPorts(Protocol):
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def payouts(self) -> Mapping[str, Payouts]: ...
    @property
    def account_cipher(self) -> AccountCipher: ...
    @property
    def lanes(self) -> Lanes: ...
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def token_signer(self) -> TokenSigner: ...


def claim_refund(
    request_identity: RequestIdentity,
    refund_id: RefundId,
    token: str,
    account: BankAccount,
    ports: ClaimRefundPorts,
    now: datetime,
) -> Refund:
    """The refund, on its way to this account. Repeatable without limit, by its Idempotency-Key.

    Raises NotFound, KeyReused, ClaimLinkInvalid, ClaimLinkExpired, ClaimLinkUsed, NoAccountNeeded,
    TooManyClaimAttempts, AccountUnknown, AccountNameMismatch.
    """
    # 1. The account's own refund; if this request claimed it before, this is a retry.
    refund = ports.refunds.get(refund_id)
    if refund is None or refund.account != request_identity.account:
        raise NotFound
    claim_id = ports.id_deriver.signature("a claim", *_text(request_identity))
    body_mark = ports.id_deriver.signature(
        "a claim's body", token, account.bank, account.number, account.holder
    )
    if refund.claim is not None and refund.claim.claim_id == claim_id:
        return _send_off(refund, body_mark, ports)
    # 2. By a link that is valid.
    check_claim_token(refund, token, now, ports.token_signer)
    if refund.state is not RefundState.NEEDS_ACCOUNT:
        raise NoAccountNeeded(refund_id=refund_id, state=refund.state.value)
    # 3. To an account that is the named holder's. The answer never says whose it is otherwise; and
    # each try is counted before the bank is asked, so that concurrent tries guess no more names.
    if refund.claim_tries >= MAX_CLAIM_TRIES:
        raise TooManyClaimAttempts(
            refund_id=refund_id,
            max_attempts=MAX_CLAIM_TRIES,
            retry_after_s=more_tries_in_s(refund, now),
        )
    counted = ports.refunds.count_claim_try(refund)
    if counted is None:
        raise Unavailable(refund_id=refund_id)
    refund = counted
    holder = ports.payouts[refund.gateway].holder_of(account.bank, account.number)
    if holder is None:
        raise AccountUnknown
    if not is_same_holder(account.holder, holder):
        raise AccountNameMismatch
    # 4. Encrypted and stored; the new attempt makes the link invalid.
    claim = Claim(claim_id, body_mark, ports.account_cipher.encrypt(refund_id, account))
    promise = ports.refund_promises.to_account
    stored = ports.refunds.advance(refund, claimed(refund, claim, now, promise))
    if stored is None:
        raise Unavailable(refund_id=refund_id)  # another request was faster: the retry reads it
    logger.info("refund claimed", extra={"refund_id": refund_id})
    return _send_off(stored, body_mark, ports)


def _send_off(refund: Refund, body_mark: str, ports: ClaimRefundPorts) -> Refund:
    """5. The message is the fast way to the gateway; the timer is the certain one."""
    if refund.claim is None or refund.claim.body_mark != body_mark:
        raise KeyReused
    if refund.state is RefundState.SUBMITTED:
        ports.lanes.refund(refund.refund_id, refund.account)
    return refund


def _text(request_identity: RequestIdentity) -> tuple[str, str, str]:
    return request_identity.route, request_identity.account, request_identity.key
