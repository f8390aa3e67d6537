"""The actions of a random scenario, one method each: what buyers do, and how other parties behave.

Each method draws what it needs and returns whether it did anything; without anything to draw from
it does nothing. A refusal is no error: only the monitor's findings, and what is left once the
system is idle, can be wrong.
"""

from datetime import timedelta

from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome
from tests.fakes.charges import Charge
from tests.faults.harness import PORTAL
from tests.faults.refund_actions import RefundActions, body_of
from tests.unit.steps.in_memory_app import LETTER

PEOPLE = ["buyer", "andi"]
KEYS = ["one", "two", "three"]
LETTERS = [LETTER, LETTER + b", another", LETTER + b", a third"]
SPANS = [
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=4),
    timedelta(minutes=16),
    timedelta(hours=2),
    timedelta(hours=25),
    timedelta(days=4),
]
LAGS = [timedelta(0), timedelta(seconds=1), timedelta(minutes=1)]
UNAVAILABLE = [None, "Gateway", "Lanes", "Documents", "Stamper", "Orders", "Serials", "Refunds"]


class Actions(RefundActions):
    """All actions of a random scenario."""

    def buy(self) -> bool:
        by, key = self.chance.choice(PEOPLE), self.chance.choice(KEYS)
        method = self.chance.choice(list(Method))
        return self._try(lambda: self.app.buy(key, 1 + self.chance.randrange(4), method, by))

    def cancel(self) -> bool:
        order = self._order()
        if order is None:
            return False
        return self._try(lambda: self.app.cancel(order.order_id, order.account))

    def request(self) -> bool:
        order, letter = self._order(), self.chance.choice(LETTERS)
        if order is None:
            return False
        self.app.upload(letter, order.account)
        return self._try(
            lambda: self.app.request(
                order.order_id,
                self.chance.choice(KEYS),
                letter,
                count=1 + self.chance.randrange(2),
                by=order.account,
                portal=self.chance.choice([None, PORTAL]),
                allow_duplicate=self.chance.choice([False, True]),
                bulk=not self.chance.randrange(6),
            )
        )

    def pay(self) -> bool:
        return self._pay(self._charge(ChargeState.PENDING))

    def pay_a_wrong_amount(self) -> bool:
        charge = self._charge(ChargeState.PENDING)
        if charge is not None:
            charge.amount_idr = self.chance.choice([1_000, 1_000_000])
        return self._pay(charge)

    def pay_in_another_currency(self) -> bool:
        charge = self._charge(ChargeState.PENDING)
        if charge is not None:
            charge.currency = "SGD"
        return self._pay(charge)

    def pay_late(self) -> bool:
        """The bank is slow: the gateway has closed the charge by then."""
        charge = self._charge(ChargeState.EXPIRED)
        late = charge is not None and self.state.now > charge.expires_at
        return late and self._pay(charge)

    def reverse_a_payment(self) -> bool:
        """A chargeback, or a bank that denies what it has settled."""
        charge = self._charge(ChargeState.SETTLED)
        if charge is None:
            return False
        charge.state = self.chance.choice([ChargeState.REVERSED, ChargeState.DENIED])
        return self._send_webhook(charge)

    def pay_again(self) -> bool:
        """The same charge is paid a second time."""
        charge = self._charge(ChargeState.SETTLED)
        if charge is None or f"{charge.transaction_id}-again" in self.state.charges:
            return False
        return self._send_webhook(self.app.ports.gateway.settle_again(charge.charge_id))

    def repeat_a_webhook(self) -> bool:
        charge = self.choose(list(self.state.charges.values()))
        return charge is not None and self._try(lambda: self.app.webhook(body_of(charge)))

    def change_an_uploaded_file(self) -> bool:
        name = self.choose(sorted(self.state.documents))
        if name is not None:
            self.state.documents[name] = b"something else"
        return name is not None

    def a_deadline_becomes_known(self) -> bool:
        """It may be near, far, or already past."""
        ahead = self.chance.choice([*SPANS[1:5], -SPANS[1]])
        self.harness.know_deadline(ahead, honours=self.chance.choice([False, False, True]))
        return True

    def time_passes(self) -> bool:
        self.state.pass_time(self.chance.choice(SPANS))
        return True

    def timestamp_servers_come_and_go(self) -> bool:
        self.state.timestamp_servers_answer = not self.state.timestamp_servers_answer
        return True

    def indexes_lag(self) -> bool:
        self.state.index_lag = self.chance.choice(LAGS)
        return self.state.index_lag > LAGS[0]

    def a_party_is_unavailable(self) -> bool:
        self.fault_plan.unavailable_party = self.chance.choice(UNAVAILABLE)
        return self.fault_plan.unavailable_party is not None

    def stamping_stops_or_resumes(self) -> bool:
        self.pump.stamping_moves = not self.pump.stamping_moves
        return True

    def finish(self) -> list[str]:
        """Stops the faults, then either repeats every webhook or reconciles instead. Returns
        what is wrong once no work is left."""
        self.fault_plan.stop()
        self.state.timestamp_servers_answer = True
        self.app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
        if len(self.sent_webhooks) % 2:
            for body in self.sent_webhooks:
                self.app.webhook(body)
            self.redrive_dead_webhooks()
        else:
            self.lose_all_webhooks_and_reconcile_every_day()
        return self.harness.run_until_idle()

    def _pay(self, charge: Charge | None) -> bool:
        if charge is None:
            return False
        self.app.ports.gateway.settle(charge.charge_id)
        return self._send_webhook(charge)

    def _charge(self, state: ChargeState) -> Charge | None:
        gateway = self.app.ports.gateway
        charges = [gateway._current(one.transaction_id) for one in self.state.charges.values()]
        return self.choose([one for one in charges if one is not None and one.state is state])
