"""How well a day's buyers were served: what the public page of performance shows.

An e-meterai and a refund belong to the day on which the payment settled that they come from, so
each is counted once, however long it takes. Waits are counted in a fixed histogram: those of two
windows or of thirty days add up, and a percentile is told by the bound of its bucket.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import ceil

from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import MOVING, Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import EMeterai, SerialState

WAIT_BOUNDS_S = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 10_800, 43_200, 86_400)
NO_WAITS = (0,) * (len(WAIT_BOUNDS_S) + 1)  # the last bucket has no upper bound
PUBLISHED_DAYS = 62
SHOWN_DAYS = 30


class RefundResult(StrEnum):
    KEPT = "kept"
    LATE = "late"  # back after the promised date, or not back although it is over
    OPEN = "open"
    NEEDS_ACCOUNT = "needs_account"  # waits for its buyer, who has to name a bank account
    TAKEN_BACK = "taken_back"  # by the payer's bank, before we could give it


@dataclass(frozen=True, slots=True)
class Performance:
    """Counts of e-meterai, of `refunds` by result, and of refunded e-meterai by reason.

    `waits`: of those that were not asked for in bulk, by `WAIT_BOUNDS_S`. `in_time`: within the
    promise, bulk too. A payment that bought nothing is a refund and no e-meterai.
    """

    paid: int = 0
    stamped: int = 0
    in_time: int = 0
    being_stamped: int = 0
    waits: tuple[int, ...] = NO_WAITS
    refunds: Mapping[RefundResult, int] = field(default_factory=dict)
    given_back: Mapping[RefundReason, int] = field(default_factory=dict)

    def __add__(self, other: "Performance") -> "Performance":
        return Performance(
            self.paid + other.paid,
            self.stamped + other.stamped,
            self.in_time + other.in_time,
            self.being_stamped + other.being_stamped,
            tuple(map(sum, zip(self.waits, other.waits, strict=True))),
            dict(Counter(self.refunds) + Counter(other.refunds)),
            dict(Counter(self.given_back) + Counter(other.given_back)),
        )

    @property
    def refunds_due(self) -> int:
        return sum(self.refunds.values())

    @property
    def promised(self) -> int:
        """E-meterai whose stamp is over, one way or the other: put on, or never executed."""
        return self.stamped + self.given_back.get(RefundReason.NOT_EXECUTED, 0)

    def wait_within_s(self, share: float) -> int | None:
        """So long waited at most this share of them, by the nearest rank. None: longer than the
        last bound. Raises ValueError where nobody waited."""
        rank = ceil(share * sum(self.waits))
        if rank < 1:
            raise ValueError("nobody waited")
        counted = 0
        for bound_s, count in zip(WAIT_BOUNDS_S, self.waits, strict=False):
            counted += count
            if counted >= rank:
                return bound_s
        return None


@dataclass(frozen=True, slots=True)
class PublicDay:
    """A finished day as everybody may see it. `look` 2: as of a day later, and final.
    `differences`: between the gateways' records and ours, which wait for a person."""

    day: date
    look: int
    written_at: datetime
    performance: Performance
    differences: int


def wait_bucket(wait: timedelta) -> int:
    """Its place in `waits`. A bound belongs to the bucket that it ends."""
    wait_s = wait.total_seconds()
    return next(
        (place for place, bound_s in enumerate(WAIT_BOUNDS_S) if wait_s <= bound_s),
        len(WAIT_BOUNDS_S),
    )


def performance_of(
    facts: OrderFacts,
    payments: Collection[str],
    stamping_promise: timedelta,
    refund_promises: RefundPromises,
    now: datetime,
) -> Performance:
    """What came of those of the order's payments: one of them may have paid it."""
    refunds = [one for one in facts.refunds.values() if one.payment_id in payments]
    given_back: Counter[RefundReason] = Counter()
    for refund in refunds:
        given_back[refund.reason] += len(refund.slots)
    served = Performance(
        refunds=dict(Counter(_result(one, refund_promises, now) for one in refunds)),
        given_back=dict(+given_back),
    )
    if facts.order.payment_id not in payments:
        return served
    waits, stamped, in_time = list(NO_WAITS), 0, 0
    for one in facts.emeterai.values():
        wait = _wait(one, facts.order.paid_at)
        if wait is None:
            continue
        stamped += 1
        in_time += wait <= stamping_promise
        if not one.bulk:
            waits[wait_bucket(wait)] += 1
    return served + Performance(
        paid=facts.order.quantity,
        stamped=stamped,
        in_time=in_time,
        being_stamped=sum(one.state is SerialState.RESERVED for one in facts.emeterai.values()),
        waits=tuple(waits),
    )


def with_day(published: Iterable[PublicDay], day: PublicDay) -> tuple[PublicDay, ...]:
    """The last days, the oldest first; of one day that is published again, the newer figures."""
    by_day = {one.day: one for one in published} | {day.day: day}
    return tuple(by_day[one] for one in sorted(by_day)[-PUBLISHED_DAYS:])


def _wait(one: EMeterai, paid_at: datetime | None) -> timedelta | None:
    """From the later of payment and request: before, nobody waited. None: it is not stamped."""
    if one.state is not SerialState.STAMPED or one.stamped_at is None:
        return None
    since = one.requested_at if paid_at is None else max(paid_at, one.requested_at)
    return one.stamped_at - since


def _result(refund: Refund, promises: RefundPromises, now: datetime) -> RefundResult:
    if refund.state is RefundState.SUPERSEDED:
        return RefundResult.TAKEN_BACK
    if refund.state is RefundState.NEEDS_ACCOUNT:
        return RefundResult.NEEDS_ACCOUNT
    was_kept = promises.was_kept(refund)
    is_late = was_kept is False or (refund.state in MOVING and refund.is_overdue(now))
    if is_late:
        return RefundResult.LATE
    return RefundResult.KEPT if was_kept else RefundResult.OPEN
