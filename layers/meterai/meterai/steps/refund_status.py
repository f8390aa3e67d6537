"""Refund status: the state of a refund, for anybody who has its link."""

from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.refunds.links import followed_refund
from meterai.domain.refunds.refunds import Refund
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports import Refunds


class RefundStatusPorts(Protocol):
    @property
    def refunds(self) -> Refunds: ...
    @property
    def token_signer(self) -> TokenSigner: ...


def refund_status(token: str, ports: RefundStatusPorts) -> Refund:
    """Raises NotFound: a token that was not made here is refused without a read."""
    refund_id = followed_refund(token, ports.token_signer)
    refund = None if refund_id is None else ports.refunds.get(refund_id)
    if refund is None:
        raise NotFound
    return refund
