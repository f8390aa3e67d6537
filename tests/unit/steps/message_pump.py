"""Delivers the messages of every lane, in the order of the lanes, until no work is left."""

from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import MeteraiError
from meterai.domain.refunds.payouts import PayoutState
from meterai.domain.refunds.refunds import RefundState
from tests.fakes.in_memory_state import Letter
from tests.unit.steps.in_memory_app import InMemoryApp

VISIBILITY = timedelta(minutes=6)  # as in the template: longer than a claim
MAX_RECEIVES = 10
MAX_ROUNDS = 300


class Crash(BaseException):
    """A function is killed: no `except` of the code may catch this."""


class NeverIdleError(Exception):
    """Some work stays unfinished."""


@dataclass
class MessagePump:
    """`twice`: each message is delivered twice. `stamping_moves`: the stamping workers run."""

    app: InMemoryApp
    twice: bool = False
    stamping_moves: bool = True
    in_hand: Letter | None = None
    letter_is_lost: bool = False  # the message being handled is lost if its work fails
    dead: list[Letter] = field(default_factory=list)
    _hidden: list[tuple[datetime, deque[Letter], Letter]] = field(default_factory=list)
    _receives: Counter[Letter] = field(default_factory=Counter)

    def deliver(self) -> None:
        """Delivers all waiting messages and those that follow. A message whose work fails is
        hidden."""
        while (lane := self._next_lane()) is not None:
            if lane is self.app.state.bulk_lane:
                if not self._release_bulk():
                    break
                continue
            letter = lane.popleft()
            for _ in range(2 if self.twice else 1):
                self._hand_over(lane, letter)

    def until_idle(self) -> None:
        """Delivers and sweeps until no work is left; time passes as far as it must."""
        for _ in range(MAX_ROUNDS):
            self.deliver()
            self._bank_confirms()
            self._payouts_arrive()
            at = self._next_event()
            if at is None:
                return
            state = self.app.state
            state.now = max(state.now, at) + state.index_lag
            self._wake()
            self.sweep()
        raise NeverIdleError([str(letter.message) for letter in self.dead])

    def sweep(self) -> None:
        """As scheduled: a sweep that is killed is followed by the next."""
        try:
            self.app.sweep()
        except (MeteraiError, Crash):
            self.app.state.pass_time(timedelta(minutes=1))

    def _release_bulk(self) -> bool:
        """As scheduled. Returns whether anything was taken, which is visible again if the run is
        killed."""
        state = self.app.state
        waiting = len(state.bulk_lane)
        with suppress(MeteraiError, Crash):
            self.app.release_bulk()
        self._hidden += [
            (state.now + VISIBILITY, state.bulk_lane, letter)
            for letter in state.bulk_taken.values()
        ]
        state.bulk_taken.clear()
        return len(state.bulk_lane) < waiting

    def _next_lane(self) -> deque[Letter] | None:
        state = self.app.state
        lanes = [state.payments_lane, state.refunds_lane]
        if self.stamping_moves:
            lanes += [state.urgent_lane, state.stamping_lane, state.augmentation_lane]
            lanes += [state.bulk_lane]  # last, since it may have to wait
        return next((lane for lane in lanes if lane), None)

    def _hand_over(self, lane: deque[Letter], letter: Letter) -> None:
        self.in_hand = letter
        try:
            self.app.act_on(letter.message)
        except (MeteraiError, Crash):
            self._receives[letter] += 1
            if self._receives[letter] < MAX_RECEIVES and not self.letter_is_lost:
                self._hidden.append((self.app.state.now + VISIBILITY, lane, letter))
            else:
                self.dead.append(letter)
        finally:
            self.in_hand, self.letter_is_lost = None, False

    def _wake(self) -> None:
        now = self.app.state.now
        for at, lane, letter in self._hidden:
            if at <= now:
                lane.append(letter)
        self._hidden = [entry for entry in self._hidden if entry[0] > now]

    def _next_event(self) -> datetime | None:
        """When the next timer fires or the next hidden message becomes visible. Refunds that wait
        for a buyer's account number do not count."""
        state = self.app.state
        timers = [
            *(order.timer for order in state.orders.values()),
            *(one.timer for one in state.serials.values()),
            *(
                refund.timer
                for refund in state.refunds.values()
                if refund.state is not RefundState.NEEDS_ACCOUNT
            ),
        ]
        times = [timer.next_check_at for timer in timers if timer] + [
            at for at, _, _ in self._hidden
        ]
        return min(times, default=None)

    def _payouts_arrive(self) -> None:
        for payout in self.app.state.payouts.values():
            if payout.state is PayoutState.QUEUED:
                payout.state = PayoutState.COMPLETED

    def _bank_confirms(self) -> None:
        for charge in self.app.state.charges.values():
            for refund in list(charge.refunds.values()):
                if not refund.final:
                    self.app.ports.gateway.confirm_refund(charge.charge_id, refund.refund_key)
