"""Read a refund: its state, and by when it is promised."""

from typing import Protocol

from meterai.domain.errors import NotFound
from meterai.domain.id_derivation import RefundId
from meterai.domain.refunds.refunds import Refund
from meterai.ports import Refunds


class ReadRefundPorts(Protocol):
    @property
    def refunds(self) -> Refunds: ...


def read_refund(account: str, refund_id: RefundId, ports: ReadRefundPorts) -> Refund:
    """Raises NotFound."""
    refund = ports.refunds.get(refund_id)
    if refund is None or refund.account != account:
        raise NotFound
    return refund
