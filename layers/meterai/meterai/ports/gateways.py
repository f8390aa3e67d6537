"""Payment gateways, and the bank accounts that refunds are paid to."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.payments import (
    ChargeStatus,
    Instruction,
    KeyLifetime,
    Method,
    RefundOutcome,
    WebhookEvent,
)
from meterai.domain.refunds.payouts import BankAccount, PayoutState


class Gateway(Protocol):
    """A payment gateway. `charge` is a charge id, or the gateway's own transaction id, which
    distinguishes two payments of one charge."""

    name: str
    refund_key_lifetime: KeyLifetime

    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """Idempotent by charge id. Raises ChargeExists if the id is taken and its instruction is
        lost."""
        ...

    def status(self, charge: str) -> ChargeStatus | None:
        """Of several payments: the last. None: the gateway has no such charge, which proves
        nothing."""

    def expire(self, charge_id: str) -> None:
        """Asks that the charge can no longer be paid. Idempotent. Money may have come before: ask
        `status`. Raises GatewayRefused."""
        ...

    def refund(self, charge: str, refund_key: str, amount_idr: int, reason: str) -> RefundOutcome:
        """The same key is the same refund, for `refund_key_lifetime`. ACCEPTED is a promise: the
        money is back when `status` lists the refund as final. UNCLEAR: ask `status` before
        anything else is done."""


class Payouts(Protocol):
    """A gateway's payouts to bank accounts."""

    payout_key_lifetime: KeyLifetime

    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """Answers the gateway's reference. The same key is the same payout, for
        `payout_key_lifetime`. Raises PayoutRefused if this payout will never be made as requested:
        another account is needed. Raises GatewayRefused if the account is not the reason."""

    def find(self, key: str, amount_idr: int, asked_at: datetime) -> str | None:
        """The reference of the payout that was requested under this key, if the answer was lost.
        None: there is none, and there will be none. Raises Unavailable if that is not certain."""

    def payout_state(self, reference: str) -> PayoutState | None:
        """None: the gateway has no such payout, which proves nothing."""

    def holder_of(self, bank: str, number: str) -> str | None:
        """The account holder's name as the bank has it; None: the bank has no such account."""


class WebhookVerifier(Protocol):
    def __call__(self, body: str, headers: Mapping[str, str]) -> WebhookEvent:
        """As `WebhookParser`, on arrival. Raises WebhookRefused also if it is forged."""


class WebhookParser(Protocol):
    def __call__(self, body: str) -> WebhookEvent:
        """What a verified webhook is about. Raises WebhookRefused."""


class AccountCipher(Protocol):
    """Account numbers and names, encrypted for one refund."""

    def encrypt(self, refund_id: RefundId, account: BankAccount) -> str: ...

    def decrypt(self, refund_id: RefundId, ciphertext: str) -> BankAccount:
        """Raises CiphertextInvalid if it was encrypted for another refund, or is damaged."""
