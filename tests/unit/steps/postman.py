"""Who delivers: every lane in its order, at least once, until the office is quiet."""

from collections import Counter, deque
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import MeteraiError
from meterai.domain.payouts import PayoutState
from meterai.domain.refunds import RefundState
from tests.fakes.world import Letter
from tests.unit.steps.office import Office

VISIBILITY = timedelta(minutes=6)  # as in the template: longer than a claim
MOST_RECEIVES = 10
MOST_ROUNDS = 300


class Crash(BaseException):
    """A function's end in mid-flight: no `except` of the code may see it."""


class NeverQuietError(Exception):
    """Something is unfinished and stays so."""


@dataclass
class Postman:
    """`twice`: the queue delivers each letter twice. `stamping_moves`: the lane's workers run."""

    office: Office
    twice: bool = False
    stamping_moves: bool = True
    in_hand: Letter | None = None
    letter_is_lost: bool = False  # the one in hand, should its work fail
    dead: list[Letter] = field(default_factory=list)
    _hidden: list[tuple[datetime, deque[Letter], Letter]] = field(default_factory=list)
    _receives: Counter[Letter] = field(default_factory=Counter)

    def deliver(self) -> None:
        """All that waits, and what comes of it. A letter whose work fails is hidden for a while."""
        while (lane := self._next_lane()) is not None:
            if lane is self.office.world.bulk_lane:
                if not self._feed_bulk():
                    break
                continue
            letter = lane.popleft()
            for _ in range(2 if self.twice else 1):
                self._hand_over(lane, letter)

    def until_quiet(self) -> None:
        """Delivers and sweeps until nothing is left to do, time passing as far as it has to."""
        for _ in range(MOST_ROUNDS):
            self.deliver()
            self._bank_confirms()
            self._payouts_arrive()
            at = self._next_event()
            if at is None:
                return
            world = self.office.world
            world.now = max(world.now, at) + world.index_lag
            self._wake()
            self.sweep()
        raise NeverQuietError([str(letter.message) for letter in self.dead])

    def sweep(self) -> None:
        """The schedule's part: a sweep that dies is followed by the next."""
        try:
            self.office.sweep()
        except (MeteraiError, Crash):
            self.office.world.pass_time(timedelta(minutes=1))

    def _feed_bulk(self) -> bool:
        """The schedule's part: whether anything was taken. It comes back where the run died."""
        world = self.office.world
        waiting = len(world.bulk_lane)
        with suppress(MeteraiError, Crash):
            self.office.feed_bulk()
        self._hidden += [
            (world.now + VISIBILITY, world.bulk_lane, letter)
            for letter in world.bulk_taken.values()
        ]
        world.bulk_taken.clear()
        return len(world.bulk_lane) < waiting

    def _next_lane(self) -> deque[Letter] | None:
        world = self.office.world
        lanes = [world.payments_lane, world.refunds_lane]
        if self.stamping_moves:
            lanes += [world.urgent_lane, world.stamping_lane, world.preservation_lane]
            lanes += [world.bulk_lane]  # last, since it may have to wait
        return next((lane for lane in lanes if lane), None)

    def _hand_over(self, lane: deque[Letter], letter: Letter) -> None:
        self.in_hand = letter
        try:
            self.office.act_on(letter.message)
        except (MeteraiError, Crash):
            self._receives[letter] += 1
            if self._receives[letter] < MOST_RECEIVES and not self.letter_is_lost:
                self._hidden.append((self.office.world.now + VISIBILITY, lane, letter))
            else:
                self.dead.append(letter)
        finally:
            self.in_hand, self.letter_is_lost = None, False

    def _wake(self) -> None:
        now = self.office.world.now
        for at, lane, letter in self._hidden:
            if at <= now:
                lane.append(letter)
        self._hidden = [entry for entry in self._hidden if entry[0] > now]

    def _next_event(self) -> datetime | None:
        """When the next clock rings or the next hidden letter shows itself again. What waits for a
        buyer's account number is quiet."""
        world = self.office.world
        clocks = [
            *(order.clock for order in world.orders.values()),
            *(one.clock for one in world.serials.values()),
            *(
                refund.clock
                for refund in world.refunds.values()
                if refund.state is not RefundState.NEEDS_ACCOUNT
            ),
        ]
        times = [clock.due_at for clock in clocks if clock] + [at for at, _, _ in self._hidden]
        return min(times, default=None)

    def _payouts_arrive(self) -> None:
        for payout in self.office.world.payouts.values():
            if payout.state is PayoutState.QUEUED:
                payout.state = PayoutState.COMPLETED

    def _bank_confirms(self) -> None:
        for charge in self.office.world.charges.values():
            for told in list(charge.refunds.values()):
                if not told.final:
                    self.office.ports.gateway.confirm_refund(charge.charge_id, told.refund_key)
