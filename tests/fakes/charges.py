"""A charge and a payout as the in-memory gateway stores them."""

from dataclasses import dataclass, field
from datetime import datetime

from meterai.domain.orders.payments import CURRENCY, ChargeState, ChargeStatus, Method, RefundStatus
from meterai.domain.refunds.payouts import BankAccount, PayoutState


@dataclass(slots=True)
class Charge:
    """Tests may set any field: `state`, a wrong `amount_idr`, a late `settled_at`."""

    charge_id: str
    transaction_id: str
    amount_idr: int | None
    method: Method
    expires_at: datetime
    state: ChargeState = ChargeState.PENDING
    currency: str = CURRENCY
    settled_at: datetime | None = None
    refunds: dict[str, RefundStatus] = field(default_factory=dict)
    has_fraction: bool = False
    fee_idr: int = 0

    def status(self) -> ChargeStatus:
        return ChargeStatus(
            charge_id=self.charge_id,
            transaction_id=self.transaction_id,
            state=self.state,
            amount_idr=self.amount_idr,
            currency=self.currency,
            settled_at=self.settled_at,
            refunds=tuple(self.refunds.values()),
            has_fraction=self.has_fraction,
            fee_idr=self.fee_idr,
        )


@dataclass(slots=True)
class Payout:
    """The payout of this key. Tests may set its state."""

    reference: str
    key: str
    account: BankAccount
    amount_idr: int
    note: str
    at: datetime
    state: PayoutState = PayoutState.QUEUED
