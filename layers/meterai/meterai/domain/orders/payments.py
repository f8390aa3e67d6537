"""Payments, charges and refunds as a gateway reports them, in our own terms.

Money is an `int` of rupiah. An amount that is not a whole number of rupiah pays for nothing:
its whole rupiah are refunded; of less than one rupiah there is nothing to refund, and no payment.
An amount that cannot be read is None, and nothing follows from it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from meterai.domain.id_derivation import ChargeId, OrderId

CURRENCY = "IDR"


class Method(StrEnum):
    """How a buyer pays."""

    QRIS = "qris"
    VIRTUAL_ACCOUNT = "virtual_account"


class ChargeState(StrEnum):
    """The state of a charge at its gateway."""

    PENDING = "pending"
    SETTLED = "settled"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    DENIED = "denied"
    REVERSED = "reversed"  # settled once, then taken back by the bank or by a chargeback
    REFUNDED = "refunded"  # settled, then given back by us, wholly or partly


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """Which charge a webhook is about, and nothing else: the gateway is asked about this charge.

    `transaction_id` distinguishes two payments of one charge. It may be empty, and where a gateway
    does not sign it, it is not trusted.
    """

    charge_id: ChargeId
    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the buyer needs to pay: a QRIS text and its page, or a virtual account."""

    method: Method
    qr_text: str | None
    qr_page_url: str | None
    va_bank: str | None
    va_number: str | None
    fee_idr: int = 0  # of the gateway, on top of the order's amount


@dataclass(frozen=True, slots=True)
class RefundStatus:
    """One refund as the gateway lists it; `final` once the bank has confirmed it."""

    refund_key: str
    amount_idr: int
    final: bool


@dataclass(frozen=True, slots=True)
class ChargeStatus:
    """What the gateway answers about a charge: the only source that is trusted."""

    charge_id: str
    transaction_id: str
    state: ChargeState
    amount_idr: int | None
    currency: str
    settled_at: datetime | None
    refunds: tuple[RefundStatus, ...]
    has_fraction: bool = False  # of a rupiah, which `amount_idr` leaves out
    fee_idr: int = 0  # of the gateway, borne by the buyer on top of `amount_idr`

    @property
    def is_of_nothing(self) -> bool:
        """Less than a rupiah is said to have come."""
        return is_nothing(self.amount_idr)


def is_nothing(amount_idr: int | None) -> bool:
    """Zero, a part of a rupiah, or less: there is nothing to book and nothing to give back."""
    return amount_idr is not None and amount_idr < 1


class RefundOutcome(StrEnum):
    """How a gateway answered a request to refund."""

    ACCEPTED = "accepted"
    DENIED = "denied"
    NOT_REFUNDABLE = "not_refundable"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Payment:
    """A record, written once: this money settled for this charge.

    `payment_id` is gateway and transaction id, so the same money is the same record however often
    it is reported, and two payments of one charge are two. The order names the payment that paid
    it; any other is refunded.
    """

    payment_id: str
    gateway: str
    charge_id: ChargeId
    order_id: OrderId
    account: str
    amount_idr: int
    settled_at: datetime  # as the gateway says
    known_at: datetime  # to us
    fee_idr: int = 0  # of the gateway, borne by the buyer on top of `amount_idr`

    @property
    def gross_idr(self) -> int:
        """What the buyer paid. All of it goes back where it bought nothing; where it bought
        e-meterai, their price does, and the fee for a payment that was made stays paid."""
        return self.amount_idr + self.fee_idr


def payment_id(gateway: str, transaction_id: str) -> str:
    """Our id of one transaction of a gateway."""
    return f"{gateway}#{transaction_id}"


def gateway_of(payment: str) -> str:
    """The gateway that took a payment: the only one that can give it back."""
    return payment.partition("#")[0]


def transaction_of(payment: str) -> str:
    """The gateway's own id of a payment."""
    return payment.partition("#")[2]


@dataclass(frozen=True, slots=True)
class KeyLifetime:
    """How long a gateway recognises an idempotency key, from the first request that carried it.

    `resend_within`: until then the same key is certainly the same request, so it may be sent again.
    `forgotten_after`: from then on, what the gateway does not list under the key was never made.
    In between nothing is sent: only the state of the request is read.
    """

    resend_within: timedelta
    forgotten_after: timedelta
