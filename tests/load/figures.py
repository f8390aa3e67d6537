"""What the run comes to: who was served, how long it took, whether people were told the truth."""

import math
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.orders.orders import OrderState, Refunded
from meterai.domain.refunds.refunds import RefundState
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import SerialState
from tests.load.end_state import EndState
from tests.load.record import Record
from tests.load.timeline import End, Story, Told
from tests.local.event_sources import Handled

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
WIDEST = 3
_ORDER = re.compile(r"ord_[A-Z2-7]{26}")

# Whose sentences say that something was lost, or done twice; all others are wrong all the same.
DOUBLED = (
    "every_serial_is_of_one_order_on_one_document",
    "refunded_is_at_most_captured",
    "money_goes_back_once",
    "no_file_bears_a_voided_serial",
    "nobody_has_a_second_stamp_of_one_letter",
)

Waits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of estimates told on the first look: how many, how many were right, how wide they were."""

    told: int
    right: int
    too_wide: int  # high more than three times low

    @property
    def hit_rate(self) -> float:
        return self.right / self.told if self.told else 1.0


@dataclass(frozen=True)
class Run:
    """Everything that was seen. `began_s`: Unix."""

    stories: Sequence[Story]
    handled: Sequence[Handled]
    state: EndState
    record: Record
    began_s: float

    # --- who was served --------------------------------------------------------------------------

    def ends(self) -> Counter[End]:
        return Counter(story.end for story in self.stories)

    def stamped(self) -> int:
        serials = self.state.state.serials.values()
        return sum(one.state is SerialState.STAMPED for one in serials)

    def refunded(self) -> int:
        """E-meterai whose money went back, and payments that had bought nothing."""
        world = self.state.state
        done = [r for r in world.refunds.values() if r.state is RefundState.CONFIRMED]
        return sum(max(1, len(refund.slots)) for refund in done)

    def available(self) -> int:
        paid = (o for o in self.state.state.orders.values() if o.state is OrderState.PAID)
        return sum(len(order.free_slots) for order in paid)

    def paid(self) -> int:
        """E-meterai that were paid for."""
        orders = self.state.state.orders.values()
        return sum(order.quantity for order in orders if order.state is OrderState.PAID)

    def wrong(self) -> list[str]:
        seen = [wrong for story in self.stories for wrong in story.wrong]
        return [*self.state.wrong(), *seen]

    def lost(self) -> int:
        """E-meterai that were paid for and are nowhere, payments that nobody knows of, and whatever
        else an invariant finds that is not done twice."""
        world = self.state.state
        kept = self.stamped() + self.available()
        back = sum(
            isinstance(use, Refunded)
            for order in world.orders.values()
            if order.state is OrderState.PAID
            for use in order.slots.values()
        )
        missing = max(0, self.paid() - kept - back)
        return max(missing, sum(not _is_double(wrong) for wrong in self.wrong()))

    def doubled(self) -> int:
        return sum(_is_double(wrong) for wrong in self.wrong())

    # --- how long it took ------------------------------------------------------------------------

    def waits(self) -> Mapping[str, Waits]:
        """Seconds, by lane. Of stamping and refunds: of messages, until they are taken."""
        return {
            "purchase": quantiles(
                story.ordered_s - (story.let_in_s or story.began_s)
                for story in self.stories
                if story.ordered_s is not None
            ),
            "waiting_room": quantiles(
                story.let_in_s - story.place_at_s
                for story in self.stories
                if story.place_at_s is not None and story.let_in_s is not None
            ),
            "payment_confirmation": quantiles(self._known_after().values()),
            "stamping": quantiles(self.dwells("StampFunction")),
            "payment_to_stamped": quantiles(self._stamped_after().values()),
            "refunds": quantiles(self.dwells("ExecuteRefundFunction")),
        }

    def dwells(self, function: str) -> list[float]:
        """How long messages lay in the function's queues, until they were taken first."""
        return [
            max(0.0, batch.taken_at_s - sent_s)
            for batch in self.handled
            if batch.function == function
            for sent_s, receives in zip(batch.sent_at_s, batch.receives, strict=True)
            if receives == 1
        ]

    def _settled(self) -> dict[str, float]:
        """When the money of an order first came, by the gateway's book."""
        settled: dict[str, float] = {}
        for charge in self.state.state.charges.values():
            if charge.settled_at is not None:
                order, at_s = charge.charge_id.rpartition("-")[0], charge.settled_at.timestamp()
                settled[order] = min(settled.get(order, math.inf), at_s)
        return settled

    def _known_after(self) -> dict[str, float]:
        """By order: from the money to the end of the payments lane's work on it."""
        settled = self._settled()
        known: dict[str, float] = {}
        for batch in self.handled:
            if batch.function != "ConfirmPaymentFunction" or batch.failed:
                continue
            for order in _ORDER.findall(batch.bodies[0])[:1]:
                if order in settled and batch.done_at_s >= settled[order]:
                    after_s = batch.done_at_s - settled[order]
                    known[order] = min(known.get(order, math.inf), after_s)
        return known

    def _stamped_after(self) -> dict[str, float]:
        """By stamping: from the money, or where it came before, from the wish to the file."""
        settled, serials = self._settled(), self.state.state.serials
        after: dict[str, float] = {}
        for batch in self.handled:
            if batch.function != "StampFunction":
                continue
            for body in batch.bodies:
                for name, one in ((n, serials.get(n)) for n in _serials_in(body)):
                    if one is None or one.state is not SerialState.STAMPED or name in after:
                        continue
                    if one.stamped_at is not None and batch.done_at_s >= one.stamped_at.timestamp():
                        asked_s = one.requested_at.timestamp()
                        paid_s = settled.get(one.order_id, asked_s)
                        after[name] = batch.done_at_s - max(asked_s, paid_s)
        return after

    # --- whether people were told the truth -------------------------------------------------------

    def accuracy(self) -> Mapping[str, Accuracy]:
        """By what was waited for."""
        known, settled = self._known_after(), self._settled()
        serials = self.state.state.serials
        payments, stampings, places = [], [], []
        for story in self.stories:
            if story.payment_told and story.order_id in known:
                at_s = settled[story.order_id] + known[story.order_id]
                payments.append((story.payment_told, at_s))
            if story.stamping_told and story.stamping_id:
                taken_at = serials[Serial(story.stamping_id)].stamped_at
                taken_s = math.inf if taken_at is None else taken_at.timestamp()
                stampings.append((story.stamping_told, taken_s))
            if story.place_told and story.place_issued_at:
                issued = datetime.fromisoformat(story.place_issued_at).timestamp()
                turn_s = self.record.let_in_at(issued)
                if turn_s is not None:
                    places.append((story.place_told, turn_s))
        return {
            "payment": _accuracy(payments),
            "stamping": _accuracy(stampings),
            "waiting_room": _accuracy(places),
        }

    def hit_rate(self) -> float:
        """Of all of them together."""
        every = self.accuracy().values()
        count = sum(one.told for one in every)
        return sum(one.right for one in every) / count if count else 1.0


def quantiles(values: Iterable[float]) -> Waits:
    """Empty of nothing."""
    ordered = sorted(values)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {name: round(ordered[round(share * last)], 3) for name, share in SHARES.items()}


def most_in(seconds: Sequence[float], length_s: float) -> float:
    """The most that happened within so long, by the second."""
    ordered = sorted(seconds)
    counts = (bisect_left(ordered, at + length_s) - n for n, at in enumerate(ordered))
    return max(counts, default=0) / length_s


def _accuracy(cases: Sequence[tuple[Told, float]]) -> Accuracy:
    return Accuracy(
        told=len(cases),
        right=sum(_is_right(told, at_s - told.at_s) for told, at_s in cases),
        too_wide=sum(told.high_s > WIDEST * told.low_s for told, _ in cases),
    )


def _is_right(told: Told, waited_s: float) -> bool:
    """Begun seconds count whole, as where the estimator is tested
    (`tests/unit/domain/lane_simulation.py`)."""
    return math.isfinite(waited_s) and told.low_s <= max(1, math.ceil(waited_s)) <= told.high_s


def _serials_in(body: str) -> list[Serial]:
    """Of a StampDocument: the first one names the stamping."""
    found = re.search(r'"serials":\s*\["([0-9A-Z]+)"', body)
    return [Serial(found[1])] if found else []


def _is_double(wrong: str) -> bool:
    return wrong.startswith(DOUBLED) or wrong.startswith("two clicks")
