"""A portal's deadline: by when it wants its stamped files, and what can still be in time for it.

What cannot be in time is refused before anything is paid. Deadlines are in the load snapshot. An
old snapshot refuses nobody: if measuring stops, sales must go on.

A portal that honours receipts (`domain/stamping/receipts.py`) takes "accepted in time" for "in
time": then only the payment has to come before its deadline, and the stamp may come after it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from meterai.domain.errors import DeadlineOutOfRange, DeadlineOutOfReach, DeadlinePast
from meterai.domain.times import utc_text
from meterai.domain.waiting.demand import PAYS_WITHIN
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, Range

MAX_AHEAD = timedelta(days=365)
BY_LANES = (Lane.URGENT, Lane.STAMPING)  # near a deadline a stamping goes by the shorter one
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Deadline:
    """What a portal reported at `reported_at`; its last report counts. `deadline_at` None: it has
    no deadline any more."""

    portal: str
    deadline_at: datetime | None
    honours_receipts: bool
    reported_at: datetime


@dataclass(frozen=True, slots=True)
class Outlook:
    """For what is bought now: by when it is stamped at best and at worst, in seconds from now. None
    where that is not known, or where there is no deadline to be in time for."""

    deadline_at: datetime | None
    honours_receipts: bool
    stamped_in: Range | None
    is_in_time: bool | None


def check_ahead(deadline_at: datetime, now: datetime) -> None:
    """Raises DeadlineOutOfRange, also where it is further than a year."""
    if not now < deadline_at <= now + MAX_AHEAD:
        raise DeadlineOutOfRange(deadline_at=utc_text(deadline_at), now=utc_text(now))


def check_not_past(portal: str, snapshot: LoadSnapshot | None, now: datetime) -> None:
    """Raises DeadlinePast."""
    deadline_at = _deadline_at(portal, snapshot, now)
    if deadline_at is not None and deadline_at <= now:
        raise DeadlinePast(portal=portal, deadline_at=utc_text(deadline_at))


def check_in_reach(portal: str, snapshot: LoadSnapshot | None, now: datetime) -> None:
    """Of what is bought now. Raises DeadlinePast, DeadlineOutOfReach. An unmeasured
    lane refuses nobody."""
    check_not_past(portal, snapshot, now)
    deadline_at = _deadline_at(portal, snapshot, now)
    if snapshot is None or deadline_at is None:
        return
    ready_at = _ready_at(portal, snapshot, now)
    if ready_at > deadline_at:
        raise DeadlineOutOfReach(
            portal=portal, deadline_at=utc_text(deadline_at), ready_at=utc_text(ready_at)
        )


def outlook(portal: str, snapshot: LoadSnapshot, now: datetime) -> Outlook:
    """What an applicant may know before buying, from a snapshot that is trusted."""
    deadline_at = snapshot.deadlines.get(portal)
    wait = _wait(snapshot, now)
    payment_s = round(PAYS_WITHIN.total_seconds())
    return Outlook(
        deadline_at=deadline_at,
        honours_receipts=portal in snapshot.honouring,
        stamped_in=None if wait is None else Range(payment_s + wait.low, payment_s + wait.high),
        is_in_time=None if deadline_at is None else _ready_at(portal, snapshot, now) <= deadline_at,
    )


def promised_by(
    portal: str | None, snapshot: LoadSnapshot | None, otherwise: datetime, now: datetime
) -> datetime:
    """By when a stamping is made or its money is on its way back: `otherwise`, unless its portal
    wants it sooner, and will not take a receipt for it."""
    # pragma: no mutate start, same answer
    deadline_at = None if portal is None else _deadline_at(portal, snapshot, now)
    # pragma: no mutate end
    if deadline_at is None or snapshot is None or portal in snapshot.honouring:
        return otherwise
    return min(deadline_at, otherwise)


def _ready_at(portal: str, snapshot: LoadSnapshot, now: datetime) -> datetime:
    """When what is bought now is what the portal wants, at the latest."""
    wait = None if portal in snapshot.honouring else _wait(snapshot, now)
    return now + PAYS_WITHIN + (0 if wait is None else wait.high) * SECOND


def _wait(snapshot: LoadSnapshot, now: datetime) -> Range | None:
    """Of the next stamping, by whichever lane is shorter. None: nothing recent is known."""
    if not snapshot.is_fresh(now):
        return None
    lanes = [snapshot.lanes[lane] for lane in BY_LANES if lane in snapshot.lanes]
    waits = [wait for status in lanes if (wait := status.wait_of_next()) is not None]
    return min(waits, key=lambda wait: wait.high, default=None)


def _deadline_at(portal: str, snapshot: LoadSnapshot | None, now: datetime) -> datetime | None:
    """None: it has none, or none is known."""
    if snapshot is None or not snapshot.is_trusted(now):
        return None
    return snapshot.deadlines.get(portal)
