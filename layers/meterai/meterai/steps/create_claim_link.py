"""Offer a claim: a link by which the owner of a refund says to which account its money goes."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.errors import NoAccountNeeded, NotFound
from meterai.domain.id_derivation import IdDeriver, RefundId
from meterai.domain.refunds.links import CLAIM_LINK_LASTS, claim_token
from meterai.domain.refunds.refunds import RefundState
from meterai.ports import Refunds


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A link to be opened by the refund's own account, once."""

    token: str
    expires_at: datetime


def create_claim_link(
    account: str,
    refund_id: RefundId,
    *,
    refunds: Refunds,
    id_deriver: IdDeriver,
    now: datetime,
) -> ClaimLink:
    """A fresh link, as often as it is asked for; nothing is stored. Raises NotFound,
    NoAccountNeeded."""
    refund = refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    if refund.state is not RefundState.NEEDS_ACCOUNT:
        raise NoAccountNeeded(refund_id=refund_id, state=refund.state.value)
    # A token knows whole seconds.
    expires_at = now.replace(microsecond=0) + CLAIM_LINK_LASTS + timedelta(seconds=1)
    return ClaimLink(claim_token(refund, expires_at, id_deriver), expires_at)
