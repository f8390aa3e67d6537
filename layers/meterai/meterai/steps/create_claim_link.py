"""Create a claim link: with it the owner of a refund names the bank account the money goes to."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from meterai.domain.errors import NoAccountNeeded, NotFound
from meterai.domain.id_derivation import RefundId
from meterai.domain.refunds.links import CLAIM_LINK_LASTS, claim_token
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports import Refunds


class CreateClaimLinkPorts(Protocol):
    @property
    def refunds(self) -> Refunds: ...
    @property
    def token_signer(self) -> TokenSigner: ...


@dataclass(frozen=True, slots=True)
class ClaimLink:
    """A link for the refund's own account, to be used once."""

    token: str
    expires_at: datetime


def create_claim_link(
    account: str, refund_id: RefundId, ports: CreateClaimLinkPorts, now: datetime
) -> ClaimLink:
    """A new link at each call; nothing is stored. Raises NotFound, NoAccountNeeded."""
    refund = ports.refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    if refund.state is not RefundState.NEEDS_ACCOUNT:
        raise NoAccountNeeded(refund_id=refund_id, state=refund.state.value)
    # A token carries whole seconds.
    expires_at = now.replace(microsecond=0) + CLAIM_LINK_LASTS + timedelta(seconds=1)
    return ClaimLink(claim_token(refund, expires_at, ports.token_signer), expires_at)
