"""What a gateway has on record: money that came, money it gave back, money it paid out."""

from dataclasses import dataclass
from datetime import datetime

from meterai.domain.id_derivation import ChargeId
from meterai.domain.orders.payments import ChargeState, payment_id
from meterai.domain.refunds.payouts import PayoutState


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """Money that came for a charge. What was never paid is not on record here."""

    gateway: str
    charge_id: ChargeId
    transaction_id: str
    state: ChargeState
    amount_idr: int | None  # its whole rupiah; None: it cannot be read
    at: datetime

    @property
    def payment_id(self) -> str:
        return payment_id(self.gateway, self.transaction_id)


@dataclass(frozen=True, slots=True)
class RefundRow:
    """A refund that a gateway lists by itself; others stand with their payment."""

    gateway: str
    refund_key: str
    amount_idr: int | None
    final: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """A payout that has moved money, by the key of its request."""

    gateway: str
    key: str
    reference: str
    state: PayoutState
    amount_idr: int | None
    at: datetime


GatewayRow = PaymentRow | RefundRow | PayoutRow
