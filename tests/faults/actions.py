"""What may happen in a random world, one method each: errands of its people, moods of its parties.

Each chooses for itself what it needs; where there is nothing to choose from, it does nothing, and
says so. What is refused is refused: only what the watch sees, and what is left after quiet, can be
wrong.
"""

from datetime import timedelta

from meterai.domain.orders.payments import ChargeState, Method, RefundOutcome
from tests.fakes.charges import Charge
from tests.faults.harness import PORTAL
from tests.faults.refund_actions import RefundActs, body_of
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
AWAY = [None, "Gateway", "Lanes", "Documents", "Stamper", "Orders", "Serials", "Refunds"]


class Acts(RefundActs):
    """A town in which anything may happen next."""

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
        """A bank that took its time: the gateway had closed the charge."""
        charge = self._charge(ChargeState.EXPIRED)
        late = charge is not None and self.state.now > charge.expires_at
        return late and self._pay(charge)

    def take_money_back(self) -> bool:
        """A chargeback, or a bank that denies what it had settled."""
        charge = self._charge(ChargeState.SETTLED)
        if charge is None:
            return False
        charge.state = self.chance.choice([ChargeState.REVERSED, ChargeState.DENIED])
        return self._tell(charge)

    def pay_again(self) -> bool:
        """The same charge, a second time."""
        charge = self._charge(ChargeState.SETTLED)
        if charge is None or f"{charge.transaction_id}-again" in self.state.charges:
            return False
        return self._tell(self.app.ports.gateway.settle_again(charge.charge_id))

    def tell_again(self) -> bool:
        charge = self.choose(list(self.state.charges.values()))
        return charge is not None and self._try(lambda: self.app.webhook(body_of(charge)))

    def change_an_uploaded_file(self) -> bool:
        name = self.choose(sorted(self.state.documents))
        if name is not None:
            self.state.documents[name] = b"something else"
        return name is not None

    def a_deadline_is_told(self) -> bool:
        """Near or far, or past already."""
        ahead = self.chance.choice([*SPANS[1:5], -SPANS[1]])
        self.town.know_deadline(ahead, honours=self.chance.choice([False, False, True]))
        return True

    def the_clock_jumps(self) -> bool:
        self.state.pass_time(self.chance.choice(SPANS))
        return True

    def timestamp_servers_come_and_go(self) -> bool:
        self.state.timestamp_servers_answer = not self.state.timestamp_servers_answer
        return True

    def indexes_lag(self) -> bool:
        self.state.index_lag = self.chance.choice(LAGS)
        return self.state.index_lag > LAGS[0]

    def somebody_is_away(self) -> bool:
        self.weather.away = self.chance.choice(AWAY)
        return self.weather.away is not None

    def stamping_stops_or_goes_on(self) -> bool:
        self.pump.stamping_moves = not self.pump.stamping_moves
        return True

    def settle_down(self) -> list[str]:
        """The weather clears up, all that was not heard is told again; then what is wrong."""
        self.weather.clears_up()
        self.state.timestamp_servers_answer = True
        self.app.ports.gateway.refund_answers[Method.QRIS] = RefundOutcome.ACCEPTED
        if len(self.untold) % 2:
            for body in self.untold:
                self.app.webhook(body)
            self.dead_notices_are_looked_at()
        else:
            self.nobody_tells_and_every_day_is_reconciled()
        return self.town.quiet()

    def _pay(self, charge: Charge | None) -> bool:
        if charge is None:
            return False
        self.app.ports.gateway.settle(charge.charge_id)
        return self._tell(charge)

    def _charge(self, state: ChargeState) -> Charge | None:
        gateway = self.app.ports.gateway
        charges = [gateway._current(one.transaction_id) for one in self.state.charges.values()]
        return self.choose([one for one in charges if one is not None and one.state is state])
