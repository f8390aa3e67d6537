"""Execute a refund: the gateway gives the money back, and only its word ends it."""

import logging
from datetime import datetime

from meterai.domain.clocks import NEXT_ACCOUNT_LOOK, NEXT_REFUND_LOOK
from meterai.domain.identity import RefundId
from meterai.domain.payments import RefundOutcome
from meterai.domain.refunds import Refund, RefundState
from meterai.ports import Gateway, Refunds

logger = logging.getLogger(__name__)


def execute_refund(
    refund_id: RefundId, *, refunds: Refunds, gateway: Gateway, now: datetime
) -> None:
    """Repeatable: the gateway knows a refund by its key, and is asked before it is told again."""
    refund = refunds.get(refund_id)
    if refund is None or refund.state in (RefundState.CONFIRMED, RefundState.NEEDS_ACCOUNT):
        return
    # 1. Submitted, with a clock, before the gateway is told: a crash leaves something to ask about.
    told_before = refund.state is RefundState.SUBMITTED
    if not told_before:
        submitted = refunds.advance(refund, RefundState.SUBMITTED, now, now + NEXT_REFUND_LOOK)
        if submitted is None:
            return  # another worker is at it
        refund = submitted
    # 2. Told, unless an earlier try arrived.
    if not (told_before and _listed(refund, gateway)):
        outcome = gateway.refund(
            refund.charge_id, refund.gateway_key, refund.amount_idr, refund.reason.value
        )
        if outcome in (RefundOutcome.DENIED, RefundOutcome.NOT_REFUNDABLE):
            refunds.advance(refund, RefundState.NEEDS_ACCOUNT, now, now + NEXT_ACCOUNT_LOOK)
            logger.warning(
                "refund needs an account number",
                extra={"refund_id": refund_id, "outcome": outcome.value},
            )
            return
    # 3. Confirmed once the bank says so; until then the clock asks again.
    if _listed(refund, gateway, final=True):
        refunds.advance(refund, RefundState.CONFIRMED, now, None)
        logger.info("refund confirmed", extra={"refund_id": refund_id})


def _listed(refund: Refund, gateway: Gateway, *, final: bool = False) -> bool:
    """The gateway lists this refund, as final if that is asked."""
    status = gateway.status(refund.charge_id)
    return status is not None and any(
        listed.refund_key == refund.gateway_key and (listed.final or not final)
        for listed in status.refunds
    )
