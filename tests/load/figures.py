"""The results of a run: who was served, how long it took, whether the estimates were right."""

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
from tests.load.recorder import Recorder
from tests.load.timeline import End, Estimate, Timeline
from tests.local.event_sources import Handled

SHARES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
MAX_RATIO = 3  # of an estimate's upper to its lower bound
_ORDER = re.compile(r"ord_[A-Z2-7]{26}")

# The invariants whose violation means that something was done twice. All others count as lost.
DOUBLED = (
    "every_serial_is_of_one_order_on_one_document",
    "refunded_is_at_most_captured",
    "money_is_returned_once",
    "no_file_bears_a_voided_serial",
    "nobody_has_a_second_stamp_of_one_letter",
)

Waits = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Of the estimates of first polls: how many, how many were right, how many too wide."""

    given: int
    right: int
    too_wide: int  # high more than three times low

    @property
    def hit_rate(self) -> float:
        return self.right / self.given if self.given else 1.0


@dataclass(frozen=True)
class Run:
    """Everything that was recorded. `began_s`: Unix."""

    timelines: Sequence[Timeline]
    handled: Sequence[Handled]
    state: EndState
    recorder: Recorder
    began_s: float

    # --- who was served --------------------------------------------------------------------------

    def ends(self) -> Counter[End]:
        return Counter(timeline.end for timeline in self.timelines)

    def stamped(self) -> int:
        serials = self.state.state.serials.values()
        return sum(one.state is SerialState.STAMPED for one in serials)

    def refunded(self) -> int:
        """Refunded e-meterai, and refunded payments without an order to pay."""
        state = self.state.state
        done = [r for r in state.refunds.values() if r.state is RefundState.CONFIRMED]
        return sum(max(1, len(refund.slots)) for refund in done)

    def available(self) -> int:
        paid = (o for o in self.state.state.orders.values() if o.state is OrderState.PAID)
        return sum(len(order.free_slots) for order in paid)

    def paid(self) -> int:
        """How many e-meterai were paid."""
        orders = self.state.state.orders.values()
        return sum(order.quantity for order in orders if order.state is OrderState.PAID)

    def wrong(self) -> list[str]:
        reported = [wrong for timeline in self.timelines for wrong in timeline.wrong]
        return [*self.state.wrong(), *reported]

    def lost(self) -> int:
        """Paid e-meterai that are neither stamped, unused nor refunded, and every violation of an
        invariant that is not something done twice."""
        state = self.state.state
        kept = self.stamped() + self.available()
        refunded = sum(
            isinstance(use, Refunded)
            for order in state.orders.values()
            if order.state is OrderState.PAID
            for use in order.slots.values()
        )
        missing = max(0, self.paid() - kept - refunded)
        return max(missing, sum(not _is_double(wrong) for wrong in self.wrong()))

    def doubled(self) -> int:
        return sum(_is_double(wrong) for wrong in self.wrong())

    # --- how long it took ------------------------------------------------------------------------

    def waits(self) -> Mapping[str, Waits]:
        """Seconds, by step. Stamping and refunds: from the message's sending to its receipt."""
        return {
            "purchase": quantiles(
                timeline.ordered_s - (timeline.admitted_s or timeline.began_s)
                for timeline in self.timelines
                if timeline.ordered_s is not None
            ),
            "waiting_room": quantiles(
                timeline.admitted_s - timeline.ticket_at_s
                for timeline in self.timelines
                if timeline.ticket_at_s is not None and timeline.admitted_s is not None
            ),
            "payment_confirmation": quantiles(self._confirmed_after().values()),
            "stamping": quantiles(self.dwells("StampFunction")),
            "payment_to_stamped": quantiles(self._stamped_after().values()),
            "refunds": quantiles(self.dwells("ExecuteRefundFunction")),
        }

    def dwells(self, function: str) -> list[float]:
        """How long messages waited in the function's queues until they were first received."""
        return [
            max(0.0, batch.taken_at_s - sent_s)
            for batch in self.handled
            if batch.function == function
            for sent_s, receives in zip(batch.sent_at_s, batch.receives, strict=True)
            if receives == 1
        ]

    def _settled(self) -> dict[str, float]:
        """When an order was first paid, by the gateway's ledger."""
        settled: dict[str, float] = {}
        for charge in self.state.state.charges.values():
            if charge.settled_at is not None:
                order, at_s = charge.charge_id.rpartition("-")[0], charge.settled_at.timestamp()
                settled[order] = min(settled.get(order, math.inf), at_s)
        return settled

    def _confirmed_after(self) -> dict[str, float]:
        """By order: from the payment to the end of the payments lane's work on it."""
        settled = self._settled()
        confirmed: dict[str, float] = {}
        for batch in self.handled:
            if batch.function != "ConfirmPaymentFunction" or batch.failed:
                continue
            for order in _ORDER.findall(batch.bodies[0])[:1]:
                if order in settled and batch.done_at_s >= settled[order]:
                    after_s = batch.done_at_s - settled[order]
                    confirmed[order] = min(confirmed.get(order, math.inf), after_s)
        return confirmed

    def _stamped_after(self) -> dict[str, float]:
        """By stamping: from the payment or the request, whichever was later, to the file."""
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

    # --- whether estimates were right -------------------------------------------------------------

    def accuracy(self) -> Mapping[str, Accuracy]:
        """By what the buyers waited for."""
        confirmed, settled = self._confirmed_after(), self._settled()
        serials = self.state.state.serials
        payments, stampings = [], []
        for timeline in self.timelines:
            if timeline.payment_estimate and timeline.order_id in confirmed:
                at_s = settled[timeline.order_id] + confirmed[timeline.order_id]
                payments.append((timeline.payment_estimate, at_s))
            if timeline.stamping_estimate and timeline.stamping_id:
                taken_at = serials[Serial(timeline.stamping_id)].stamped_at
                taken_s = math.inf if taken_at is None else taken_at.timestamp()
                stampings.append((timeline.stamping_estimate, taken_s))
        return {
            "payment": _accuracy(payments),
            "stamping": _accuracy(stampings),
            "waiting_room": _accuracy(self.admissions()),
        }

    def admissions(self) -> Sequence[tuple[Estimate, float]]:
        """The first estimates in the waiting room, and when (Unix) the turn came. Those who were
        still waiting at the end are left out: nobody knows how long they would have waited."""
        found = []
        for timeline in self.timelines:
            if timeline.ticket_estimate and timeline.ticket_issued_at:
                issued = datetime.fromisoformat(timeline.ticket_issued_at).timestamp()
                admitted_s = self.recorder.admitted_at(issued)
                if admitted_s is not None:
                    found.append((timeline.ticket_estimate, admitted_s))
        return found

    def hit_rate(self) -> float:
        """Of all of them together."""
        every = self.accuracy().values()
        count = sum(one.given for one in every)
        return sum(one.right for one in every) / count if count else 1.0


def quantiles(values: Iterable[float]) -> Waits:
    """Empty if there are no values."""
    ordered = sorted(values)
    if not ordered:
        return {}
    last = len(ordered) - 1
    return {name: round(ordered[round(share * last)], 3) for name, share in SHARES.items()}


def most_in(seconds: Sequence[float], length_s: float) -> float:
    """The highest rate per second within any stretch of this length."""
    ordered = sorted(seconds)
    counts = (bisect_left(ordered, at + length_s) - n for n, at in enumerate(ordered))
    return max(counts, default=0) / length_s


def _accuracy(cases: Sequence[tuple[Estimate, float]]) -> Accuracy:
    return Accuracy(
        given=len(cases),
        right=sum(_is_right(estimate, at_s - estimate.at_s) for estimate, at_s in cases),
        too_wide=sum(estimate.high_s > MAX_RATIO * estimate.low_s for estimate, _ in cases),
    )


def _is_right(estimate: Estimate, waited_s: float) -> bool:
    """Seconds are rounded up, as in the tests of the estimator
    (`tests/unit/domain/lane_simulation.py`)."""
    return math.isfinite(waited_s) and (
        estimate.low_s <= max(1, math.ceil(waited_s)) <= estimate.high_s
    )


def _serials_in(body: str) -> list[Serial]:
    """In a StampDocument message. The first serial names the stamping."""
    found = re.search(r'"serials":\s*\["([0-9A-Z]+)"', body)
    return [Serial(found[1])] if found else []


def _is_double(wrong: str) -> bool:
    return wrong.startswith(DOUBLED) or wrong.startswith("two clicks")
