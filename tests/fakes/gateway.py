"""A payment gateway in memory. Like the real ones it shows a QRIS text only once."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from meterai.domain.errors import ChargeExists, GatewayRefused, OrderClosed
from meterai.domain.orders.payments import (
    ChargeState,
    ChargeStatus,
    Instruction,
    KeyLifetime,
    Method,
    RefundOutcome,
    RefundStatus,
)
from meterai.gateways.midtrans.refunds import REFUND_KEY_LIFETIME
from tests.fakes.charges import Charge
from tests.fakes.in_memory_state import InMemoryState, port_call


def _refund_answers() -> dict[Method, RefundOutcome]:
    return {
        Method.QRIS: RefundOutcome.ACCEPTED,
        Method.VIRTUAL_ACCOUNT: RefundOutcome.NOT_REFUNDABLE,
    }


@dataclass
class MemoryGateway:
    """The port, and the actions of buyers, the bank and tests.

    `refund_answers` gives the outcome of a refund by method: only ACCEPTED moves money.
    """

    state: InMemoryState
    name: str = "midtrans"
    refund_key_lifetime: KeyLifetime = REFUND_KEY_LIFETIME
    refund_answers: dict[Method, RefundOutcome] = field(default_factory=_refund_answers)

    @port_call
    def charge(
        self, charge_id: str, amount_idr: int, method: Method, expires_at: datetime
    ) -> Instruction:
        """A QRIS text is returned once; a virtual account may be read again."""
        if expires_at <= self.state.now:
            raise OrderClosed(charge_id=charge_id, expires_at=expires_at.isoformat())
        if method in self.state.methods_refused:
            raise GatewayRefused(status_code="402")
        known = self._current(charge_id)
        if known is None:
            self.state.charges[charge_id] = Charge(
                charge_id, f"tx-{charge_id}", amount_idr, method, expires_at
            )
            return _instruction(charge_id, method)
        asked_again = (known.amount_idr, known.state) == (amount_idr, ChargeState.PENDING)
        if asked_again and known.method is method is Method.VIRTUAL_ACCOUNT:
            return _instruction(charge_id, method)
        raise ChargeExists(charge_id=charge_id, state=known.state.value)

    @port_call
    def status(self, charge: str) -> ChargeStatus | None:
        current = self._current(charge)
        return None if current is None else current.status()

    @port_call
    def expire(self, charge_id: str) -> None:
        charge = self._current(charge_id)
        if charge is not None and charge.state is ChargeState.PENDING:
            charge.state = ChargeState.EXPIRED

    @port_call
    def refund(
        self,
        charge: str,
        refund_key: str,
        amount_idr: int,
        reason: str,  # noqa: ARG002 (a real gateway shows it to the buyer)
    ) -> RefundOutcome:
        current = self._current(charge)
        if current is None or current.amount_idr is None:
            return RefundOutcome.UNCLEAR
        if refund_key in current.refunds:
            return RefundOutcome.ACCEPTED
        left_idr = current.amount_idr - sum(one.amount_idr for one in current.refunds.values())
        settled = current.state in (ChargeState.SETTLED, ChargeState.REFUNDED)
        if not settled or amount_idr > left_idr:
            return RefundOutcome.UNCLEAR
        answer = self.refund_answers[current.method]
        if answer is RefundOutcome.ACCEPTED:
            current.refunds[refund_key] = RefundStatus(refund_key, amount_idr, final=False)
            current.state = ChargeState.REFUNDED
        return answer

    def settle(self, charge_id: str, at: datetime | None = None) -> Charge:
        """The buyer's money arrived, now or `at`."""
        charge = self.state.charges[charge_id]
        charge.state = ChargeState.SETTLED
        charge.settled_at = self.state.now if at is None else at
        return charge

    def settle_again(self, charge_id: str) -> Charge:
        """The buyer pays the same charge a second time, as another transaction."""
        first = self.state.charges[charge_id]
        name = f"{first.transaction_id}-again"
        second = replace(
            first,
            transaction_id=name,
            state=ChargeState.SETTLED,
            settled_at=self.state.now,
            refunds={},
        )
        self.state.charges[name] = second
        return second

    def confirm_refund(self, charge_id: str, refund_key: str) -> None:
        """The bank confirms: the refund is final."""
        for charge in self.state.charges.values():
            if charge.charge_id == charge_id and refund_key in charge.refunds:
                charge.refunds[refund_key] = replace(charge.refunds[refund_key], final=True)

    def _current(self, name: str) -> Charge | None:
        """By transaction id, or a charge's latest. An unpaid charge expires at its time."""
        charges = list(self.state.charges.values())
        named = [charge for charge in charges if charge.transaction_id == name]
        named += [charge for charge in charges if charge.charge_id == name]
        if not named:
            return None
        charge = named[-1]
        if charge.state is ChargeState.PENDING and charge.expires_at <= self.state.now:
            charge.state = ChargeState.EXPIRED
        return charge


def _instruction(charge_id: str, method: Method) -> Instruction:
    if method is Method.QRIS:
        page = f"https://gateway.example/qris/{charge_id}/qr-code"
        return Instruction(method, f"00020101021226{charge_id}6304", page, None, None)
    return Instruction(method, None, None, "bca", "333333333333333")
