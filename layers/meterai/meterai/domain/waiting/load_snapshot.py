"""The load snapshot: every lane at one moment, and the admission that was decided from them.

It is published once a second. Everything that people are shown about waiting comes from it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.waiting.admission_control import Admission
from meterai.domain.waiting.queue_status import MAX_ESTIMATE_AGE, Lane, QueueStatus, Range
from meterai.domain.waiting.selling import Closed

MAX_REFUSAL_AGE = timedelta(seconds=60)
"""An older snapshot leads to no refusal: if measuring stops, sales must continue."""
MAX_LATENESS = timedelta(seconds=30)
"""What was sent so long before the messages that are taken now is out of turn."""

MIN_POLL = timedelta(seconds=1)
MAX_POLL = timedelta(minutes=5)
UNKNOWN_WAIT_S = 20.0  # assumed for the next poll where the wait is not known
MAX_POLLS_PER_S = 100  # by all in one lane: those at its end poll less often than those in front


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """Where something is in its lane. `wait` None: the speed of the lane is not known."""

    ahead: Range
    wait: Range | None

    @property
    def poll_after(self) -> timedelta:
        """When to ask again: after about a quarter of the shortest wait, but later where so many
        are ahead that together they would poll too often."""
        quarter_s = (UNKNOWN_WAIT_S if self.wait is None else self.wait.low) / 4
        after = timedelta(seconds=max(quarter_s, self.ahead.high / MAX_POLLS_PER_S))
        return min(max(after, MIN_POLL), MAX_POLL)


@dataclass(frozen=True, slots=True)
class LoadSnapshot:
    """All lanes at one moment, and what was decided from them."""

    at: datetime
    lanes: Mapping[Lane, QueueStatus]
    admission: Admission | None = None
    deadlines: Mapping[str, datetime] = field(default_factory=dict)  # by portal; past ones too
    honouring: frozenset[str] = frozenset()  # portals that accept a receipt for being in time
    closed: Closed | None = None  # why nothing is sold

    def is_fresh(self, now: datetime) -> bool:
        """Recent enough to estimate a wait from."""
        return abs(now - self.at) <= MAX_ESTIMATE_AGE

    def is_trusted(self, now: datetime) -> bool:
        """Recent enough to base a refusal on it."""
        return abs(now - self.at) <= MAX_REFUSAL_AGE

    def queue_position(self, lane: Lane, sent_at: datetime, now: datetime) -> QueuePosition | None:
        """Of what was sent to the lane then.

        None: nothing recent is known of the lane; or the lane is long past it, so it failed or was
        not sent yet; or it is bulk, whose speed depends on what others leave.
        """
        status = self.lanes.get(lane)
        if status is None or lane is Lane.BULK or not self.is_fresh(now):
            return None
        if status.reached is not None and status.reached - sent_at > MAX_LATENESS:
            return None
        return QueuePosition(status.ahead_of(sent_at), status.wait_of(sent_at, now))


def closed(snapshot: LoadSnapshot | None) -> Closed | None:
    """Why nothing is sold. However old the snapshot is: what was closed stays so until a newer one
    says otherwise."""
    return None if snapshot is None else snapshot.closed


def paused(snapshot: LoadSnapshot | None, now: datetime) -> Admission | None:
    """Who may buy, while not everybody may. None: everybody may, or it is not known; if measuring
    stops, sales must go on."""
    if snapshot is None or not snapshot.is_trusted(now):
        return None
    admission = snapshot.admission
    return None if admission is None or admission.is_open else admission
