"""Payment gateways, and what is kept sealed for them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.payments import (
    ChargeStatus,
    Instruction,
    Method,
    RefundOutcome,
    WebhookEvent,
)
from meterai.domain.refunds.payouts import BankAccount, PayoutState


class Gateway(Protocol):
    """A payment gateway. Where `charge` may be asked about, the gateway's own transaction id of one
    of its payments does as well: it tells two payments of one charge apart."""

    name: str

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Raises ChargeExists where an earlier try took the id and its instruction is lost."""
        ...

    def status(self, charge: str) -> ChargeStatus | None:
        """None: it knows no such charge, which concludes nothing. Of several payments: the last."""

    def expire(self, charge_id: str) -> None:
        """Asks that no more money is taken for this charge; what came of it says `status`."""
        ...

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        """The same key is the same refund."""


class Payouts(Protocol):
    """A payment gateway's other door: money to a bank account."""

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Answers the gateway's reference. The same key is the same payout, for 24 hours.
        Raises PayoutRefused where it will never be made as asked (no such account or bank)."""

    def find(self, key: str, amount_idr: int, asked_at: datetime) -> str | None:
        """The reference of the payout that was asked for under this key, where the answer was lost.
        None: there is none, and none will come of it. Raises Unavailable where that cannot be told.
        """

    def payout_state(self, reference: str) -> PayoutState | None:
        """None: it knows no such payout, which concludes nothing."""

    def holder_of(self, bank: str, number: str) -> str | None:
        """The account holder's name as the bank has it; None: the bank has no such account."""


class WebhookVerifier(Protocol):
    def __call__(self, body: str, headers: Mapping[str, str]) -> WebhookEvent:
        """As `WebhookParser`, where it arrives: refused also where it is not the gateway's own."""


class WebhookParser(Protocol):
    def __call__(self, body: str) -> WebhookEvent:
        """What a checked notice is about. Raises WebhookRefused."""


class AccountCipher(Protocol):
    """Account numbers and names, encrypted for one refund."""

    def encrypt(self, refund_id: RefundId, account: BankAccount) -> str: ...

    def decrypt(self, refund_id: RefundId, sealed: str) -> BankAccount:
        """Raises CiphertextInvalid where it was sealed for another refund, or is damaged."""
