"""Execute a refund: the gateway returns the money, and only its answer ends the refund.

The money goes back the way it came or, once the buyer has named an account, by a payout to it.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.errors import PayoutRefused
from meterai.domain.id_derivation import RefundId
from meterai.domain.notifications.notifications import (
    refund_begun,
    refund_done,
    refund_needs_account,
)
from meterai.domain.orders.payments import ChargeState, ChargeStatus, KeyLifetime, RefundOutcome
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refund_transitions import (
    confirmed,
    due_again,
    failed,
    needing_account,
    paid_out,
    submitted,
    superseded,
)
from meterai.domain.refunds.refunds import Claim, Refund, RefundState
from meterai.ports import AccountCipher, Gateway, Payouts, Refunds
from meterai.ports.notifications import Notifications

logger = logging.getLogger(__name__)

_GONE_BACK = (ChargeState.REVERSED, ChargeState.DENIED)


class ExecuteRefundPorts(Protocol):
    @property
    def refund_promises(self) -> RefundPromises: ...
    @property
    def refunds(self) -> Refunds: ...
    @property
    def gateways(self) -> Mapping[str, Gateway]: ...
    @property
    def payouts(self) -> Mapping[str, Payouts]: ...
    @property
    def account_cipher(self) -> AccountCipher: ...
    @property
    def notifications(self) -> Notifications: ...


def execute_refund(refund_id: RefundId, ports: ExecuteRefundPorts, now: datetime) -> None:
    """Repeatable: the gateway identifies an attempt by its key, and its status is read before it is
    requested again. It is the gateway that took the payment, whichever is configured now."""
    refund = ports.refunds.get(refund_id)
    if refund is None or refund.state is RefundState.SUPERSEDED:
        return
    if refund.payout_reference is not None:
        _follow_payout(refund, refund.payout_reference, ports, now)
        return
    if refund.state is RefundState.CONFIRMED:
        return
    # 1. The bank may have taken the money back itself: it is not returned twice.
    status = ports.gateways[refund.gateway].status(refund.transaction_id)
    if refund.state is RefundState.FAILED:
        refund = ports.refunds.advance(refund, due_again(refund, now)) or refund
    if _has_gone_back(refund, status):
        if ports.refunds.advance(refund, superseded(refund)):
            logger.warning("refund superseded", extra={"refund_id": refund_id})
        return
    if refund.claim is not None and refund.state in (RefundState.DUE, RefundState.SUBMITTED):
        _pay_out(refund, refund.claim, ports, now)
    elif refund.state is not RefundState.NEEDS_ACCOUNT:
        _give_back(refund, status, ports, now)


def _has_gone_back(refund: Refund, status: ChargeStatus | None) -> bool:
    if refund.state is RefundState.FAILED:  # another worker has it
        return False
    return status is not None and status.state in _GONE_BACK and not _listed(refund, status)


def _give_back(
    refund: Refund, status: ChargeStatus | None, ports: ExecuteRefundPorts, now: datetime
) -> None:
    """Back the way it came."""
    # 2. An attempt that the gateway does not list, and whose key is dead, has failed: a new one.
    gateway = ports.gateways[refund.gateway]
    lifetime = gateway.refund_key_lifetime
    if refund.state is RefundState.SUBMITTED and _is_dead(refund, status, lifetime, now):
        logger.error("refund attempt failed", extra={"refund_id": refund.refund_id})
        refund = ports.refunds.advance(refund, failed(refund, now)) or refund
        refund = ports.refunds.advance(refund, due_again(refund, now)) or refund
    # 3. Recorded as submitted, with a timer, before it is sent: a crash leaves a trace.
    is_begun_now = refund.state is RefundState.DUE and refund.attempt == 1
    if refund.state is RefundState.DUE:
        refund = ports.refunds.advance(refund, submitted(refund, now)) or refund
    if refund.state is not RefundState.SUBMITTED:
        return  # another worker has it
    # 4. Requested, unless an earlier attempt arrived, or its key is no longer valid.
    if not _listed(refund, status) and _is_within(refund, lifetime.resend_within, now):
        outcome = gateway.refund(
            refund.transaction_id, refund.gateway_key, refund.amount_idr, refund.reason.value
        )
        if outcome in (RefundOutcome.DENIED, RefundOutcome.NOT_REFUNDABLE):
            _ask_for_account(refund, outcome.value, ports, now)
            return
        status = gateway.status(refund.transaction_id)
    # 5. Confirmed once the bank says so; until then the timer checks again.
    if _listed(refund, status, final=True):
        _confirm(refund, ports, now)
    elif is_begun_now and refund.notify:
        ports.notifications.tell(refund_begun(refund))


def _pay_out(refund: Refund, claim: Claim, ports: ExecuteRefundPorts, now: datetime) -> None:
    """To the account that the buyer named."""
    # 2. The time of the first request is recorded before the request: its key is valid for a day.
    resend_within = ports.payouts[refund.gateway].payout_key_lifetime.resend_within
    if refund.submitted_at is not None and now >= refund.submitted_at + resend_within:
        _find_payout(refund, refund.submitted_at, ports, now)
        return
    if refund.submitted_at is None:
        marked = ports.refunds.advance(refund, submitted(refund, now))
        if marked is None:
            return  # another worker has it
        refund = marked
    # 3. Requested; by the reference its state can be read.
    # pragma: no mutate start, for types only
    account = ports.account_cipher.decrypt(refund.refund_id, claim.account_ciphertext or "")
    # pragma: no mutate end
    try:
        reference = ports.payouts[refund.gateway].pay_out(
            refund.gateway_key, account, refund.amount_idr, f"Meterai {refund.gateway_key}"
        )
    except PayoutRefused:
        _ask_for_account(refund, "payout_refused", ports, now)
        return
    recorded = ports.refunds.advance(refund, paid_out(refund, reference, now))
    if recorded is not None:
        _follow_payout(recorded, reference, ports, now)


def _find_payout(
    refund: Refund, asked_at: datetime, ports: ExecuteRefundPorts, now: datetime
) -> None:
    """Its answer was lost and its key is no longer valid: the gateway's records say whether it was
    made. If they list none, long enough after, none was made: a new attempt, with a new key."""
    payouts = ports.payouts[refund.gateway]
    reference = payouts.find(refund.gateway_key, refund.amount_idr, asked_at)
    if reference is not None:
        recorded = ports.refunds.advance(refund, paid_out(refund, reference, now))
        if recorded is not None:
            _follow_payout(recorded, reference, ports, now)
    elif now >= asked_at + payouts.payout_key_lifetime.forgotten_after:
        logger.error("payout attempt failed", extra={"refund_id": refund.refund_id})
        refund = ports.refunds.advance(refund, failed(refund, now)) or refund
        ports.refunds.advance(refund, due_again(refund, now))


def _follow_payout(
    refund: Refund, reference: str, ports: ExecuteRefundPorts, now: datetime
) -> None:
    """Completed means confirmed, but a bank may return the money even then: the buyer must name an
    account again."""
    match ports.payouts[refund.gateway].payout_state(reference):
        case PayoutState.COMPLETED if refund.state is RefundState.SUBMITTED:
            _confirm(refund, ports, now)
        case PayoutState.FAILED:
            _ask_for_account(refund, "payout_failed", ports, now)
        case _:  # pragma: no mutate: as no case
            pass  # the timer checks again


def _ask_for_account(refund: Refund, why: str, ports: ExecuteRefundPorts, now: datetime) -> None:
    asking = ports.refunds.advance(
        refund, needing_account(refund, now, ports.refund_promises.to_account)
    )
    if asking is None:
        return
    logger.warning(
        "refund needs an account number", extra={"refund_id": refund.refund_id, "why": why}
    )
    if asking.notify:
        ports.notifications.tell(refund_needs_account(asking))


def _confirm(refund: Refund, ports: ExecuteRefundPorts, now: datetime) -> None:
    done = ports.refunds.advance(refund, confirmed(refund, now))
    if done is None:
        return
    logger.info("refund confirmed", extra={"refund_id": refund.refund_id})
    if done.notify:
        ports.notifications.tell(refund_done(done))


def _is_dead(
    refund: Refund, status: ChargeStatus | None, lifetime: KeyLifetime, now: datetime
) -> bool:
    over = not _is_within(refund, lifetime.forgotten_after, now)
    return over and status is not None and not _listed(refund, status)


def _is_within(refund: Refund, span: timedelta, now: datetime) -> bool:
    return refund.submitted_at is not None and now < refund.submitted_at + span


def _listed(refund: Refund, status: ChargeStatus | None, *, final: bool = False) -> bool:
    """The gateway lists this attempt; with `final`, as settled by the bank."""
    return status is not None and any(
        one.refund_key == refund.gateway_key and (one.final or not final) for one in status.refunds
    )
