"""Actions on refunds: requested, confirmed, refused, claimed, bounced."""

from random import Random

from meterai.domain.id_derivation import RequestIdentity
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method, RefundOutcome
from meterai.domain.refunds.payouts import BankAccount, PayoutState
from meterai.domain.refunds.refunds import Refund, RefundState
from meterai.steps.claim_refund import claim_refund
from meterai.steps.create_claim_link import create_claim_link
from tests.fakes.charges import Charge
from tests.fakes.payouts import HOLDER
from tests.faults.harness import Harness
from tests.faults.message_actions import MessageActions

KEYS = ["one", "two", "three"]


class RefundActions(MessageActions):
    """`sent_webhooks`: the bodies of all webhooks that the gateway sent, whether they arrived or
    not."""

    def __init__(self, harness: Harness, chance: Random) -> None:
        super().__init__(harness, chance)
        self.sent_webhooks: list[str] = []

    def request_refund(self) -> bool:
        order = self._order()
        if order is None:
            return False
        key, quantity = self.chance.choice(KEYS), 1 + self.chance.randrange(3)
        return self._try(lambda: self.app.refund(order.order_id, key, quantity, order.account))

    def confirm_a_refund(self) -> bool:
        charge = self.choose([c for c in self.state.charges.values() if c.refunds])
        if charge is None:
            return False
        refund_key = self.chance.choice(sorted(charge.refunds))
        self.app.ports.gateway.confirm_refund(charge.charge_id, refund_key)
        return self._send_webhook(charge)

    def the_bank_answers_otherwise(self) -> bool:
        answers = self.app.ports.gateway.refund_answers
        before = answers[Method.QRIS]
        answers[Method.QRIS] = self.chance.choice(list(RefundOutcome))
        return answers[Method.QRIS] is not before

    def name_an_account(self) -> bool:
        refunds = self.state.refunds.values()
        refund = self.choose([r for r in refunds if r.state is RefundState.NEEDS_ACCOUNT])
        return refund is not None and self._try(lambda: self._claim(refund))

    def a_payout_arrives(self) -> bool:
        return self._becomes(PayoutState.COMPLETED, PayoutState.QUEUED)

    def a_payout_bounces(self) -> bool:
        """Even one that had been confirmed."""
        return self._becomes(PayoutState.FAILED, PayoutState.QUEUED, PayoutState.COMPLETED)

    def _claim(self, refund: Refund) -> None:
        ports, now = self.app.ports, self.state.now
        token = create_claim_link(refund.account, refund.refund_id, ports, now).token
        key = self.chance.choice(KEYS)
        claim_refund(
            RequestIdentity(f"refunds/{refund.refund_id}/claims", refund.account, key),
            refund.refund_id,
            token,
            BankAccount("bca", "1234567890", HOLDER),
            ports,
            now,
        )

    def _becomes(self, state: PayoutState, *of: PayoutState) -> bool:
        payout = self.choose([p for p in self.state.payouts.values() if p.state in of])
        if payout is not None:
            payout.state = state
        return payout is not None

    def _send_webhook(self, charge: Charge) -> bool:
        """Once, twice, or not at all."""
        self.sent_webhooks.append(body_of(charge))
        for _ in range(self.chance.randrange(3)):
            self._try(lambda: self.app.webhook(body_of(charge)))
        return True

    def _order(self) -> Order | None:
        return self.choose(list(self.state.orders.values()))


def body_of(charge: Charge) -> str:
    """The body of the webhook about this charge and transaction."""
    return f"{charge.charge_id} {charge.transaction_id}"
