"""A gateway's payouts in memory, with its bank; and the cipher of account numbers."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import CiphertextInvalid, PayoutRefused
from meterai.domain.id_derivation import RefundId
from meterai.domain.orders.payments import KeyLifetime
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.gateways.midtrans.payouts import PAYOUT_KEY_LIFETIME
from tests.fakes.charges import Payout
from tests.fakes.in_memory_state import InMemoryState, port_call

HOLDER = "BUDI SANTOSO"
KEY_LIVES = timedelta(days=1)


@dataclass
class MemoryPayouts:
    """The port, and the bank's actions. Every account is Budi's unless a test says otherwise."""

    state: InMemoryState
    holders: dict[tuple[str, str], str | None] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)  # numbers that cannot be paid to
    payout_key_lifetime: KeyLifetime = PAYOUT_KEY_LIFETIME

    @port_call
    def pay_out(self, key: str, account: BankAccount, amount_idr: int, note: str) -> str:
        """For a day the same key is the same payout; after it, another."""
        if account.number in self.refused:
            raise PayoutRefused(fields="beneficiary_account")
        for payout in self.state.payouts.values():
            if payout.key == key and self.state.now < payout.at + KEY_LIVES:
                return payout.reference
        reference = f"payout-{len(self.state.payouts) + 1}"
        self.state.payouts[reference] = Payout(
            reference, key, account, amount_idr, note, self.state.now
        )
        return reference

    @port_call
    def find(self, key: str, amount_idr: int, asked_at: datetime) -> str | None:
        for payout in self.state.payouts.values():
            if (payout.key, payout.amount_idr) == (key, amount_idr) and payout.at >= asked_at:
                return payout.reference
        return None

    @port_call
    def payout_state(self, reference: str) -> PayoutState | None:
        payout = self.state.payouts.get(reference)
        return None if payout is None else payout.state

    @port_call
    def holder_of(self, bank: str, number: str) -> str | None:
        return self.holders.get((bank, number), HOLDER)

    def complete(self, reference: str) -> None:
        self.state.payouts[reference].state = PayoutState.COMPLETED

    def bounce(self, reference: str) -> None:
        """The bank returns the money."""
        self.state.payouts[reference].state = PayoutState.FAILED


@dataclass(frozen=True)
class MemoryAccountCipher:
    state: InMemoryState

    @port_call
    def encrypt(self, refund_id: RefundId, account: BankAccount) -> str:
        words = [refund_id, account.bank, account.number, account.holder]
        return json.dumps(words).encode().hex()

    @port_call
    def decrypt(self, refund_id: RefundId, ciphertext: str) -> BankAccount:
        encrypted_for, *words = json.loads(bytes.fromhex(ciphertext))
        if encrypted_for != refund_id:
            raise CiphertextInvalid(refund_id=refund_id)
        return BankAccount(*words)
