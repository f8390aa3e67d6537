"""The waiting room: the deployed rules (`meterai.domain.waiting`) decide who may buy."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.waiting.admission_control import AdmissionPolicy, next_admission, open_from
from meterai.domain.waiting.demand import AskedFor
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.throughput_estimator import SETTLED, first_status, next_status

EPOCH = datetime(2024, 8, 19, 17, tzinfo=UTC)  # 20 August in Jakarta
CURVE_POINTS = 120
MIN_REPORTED_DWELL_S, MAX_REPORTED_DWELLS = 2, 20  # as entrypoints/throughput_reporter.py


@dataclass(frozen=True, slots=True)
class Ticket:
    people: int
    issued_at: datetime
    admit: Callable[[], None]


class WaitingRoom:
    """Advanced once a tick, as `steps/publish_load_snapshot.py` does."""

    def __init__(self, policy: AdmissionPolicy) -> None:
        self.policy = policy
        self.admission = open_from(EPOCH, policy)
        self.waiting = 0
        self.max_waiting = 0
        self.closed_s = 0.0
        self._tickets: deque[Ticket] = deque()
        self._issued = 0
        self._curve: deque[CumulativePoint] = deque([CumulativePoint(EPOCH, 0)])

    def admits(self, ticket_at: datetime | None) -> bool:
        """May people with this ticket, or with none, buy?"""
        if ticket_at is None:
            return self.admission.is_open
        return self.admission.admits(ticket_at)

    def poll_after_s(self, ticket_at: datetime) -> float:
        return self.admission.ask_after(ticket_at).total_seconds()

    def polls_per_s(self) -> float:
        """Of all who wait, each as often as its ticket's answer says."""
        if not self._tickets:
            return 0.0
        samples = [
            self._tickets[int(share * len(self._tickets))] for share in (0.05, 0.2, 0.4, 0.6, 0.8)
        ]
        each = [1 / self.poll_after_s(ticket.issued_at) for ticket in samples]
        return self.waiting * sum(each) / len(each)

    def enter(self, people: int, now_s: float, admit: Callable[[], None]) -> datetime:
        """Issue a ticket; `admit` is called once the watermark has passed it."""
        self._issued += people
        self.waiting += people
        self.max_waiting = max(self.max_waiting, self.waiting)
        ticket = Ticket(people, at(now_s), admit)
        self._tickets.append(ticket)
        return ticket.issued_at

    def advance(
        self, stamping: QueueStatus, ordered: int, asked: AskedFor, length_s: float
    ) -> None:
        """Decide again, and admit those whom the watermark has passed. `ordered`: e-meterai since
        the last time; `asked`: stampings sent to their lane since then."""
        now = stamping.at
        self._curve.append(CumulativePoint(now, self._issued))
        self._thin_curve(self.admission.watermark)
        self.admission = next_admission(
            self.admission, stamping, tuple(self._curve), ordered, asked, {}, now, self.policy
        )
        if not self.admission.is_open:
            self.closed_s += length_s
        while self._tickets and (
            self.admission.is_open or self._tickets[0].issued_at <= self.admission.watermark
        ):
            ticket = self._tickets.popleft()
            self.waiting -= ticket.people
            ticket.admit()

    def _thin_curve(self, watermark: datetime) -> None:
        """Drops points behind the watermark, and every second point of a long curve."""
        while len(self._curve) > 2 and self._curve[1].at <= watermark:
            self._curve.popleft()
        if len(self._curve) > 2 * CURVE_POINTS:
            points = list(self._curve)
            self._curve = deque([points[0], *points[1:-1:2], points[-1]])


class LaneStatus:
    """What is known of the stamping lane: its depth, and what its workers report each tick."""

    def __init__(self) -> None:
        self.status = first_status(Lane.STAMPING, 0, EPOCH)
        self._reported: deque[ThroughputSample] = deque()

    def update(self, now_s: float, waiting: int, taken: list[tuple[float, int]]) -> QueueStatus:
        """`taken` since the last update: how long messages had waited, and how many did."""
        now = at(now_s)
        dwells_s = sorted(dwell_s for dwell_s, _ in taken)
        if dwells_s and dwells_s[-1] >= MIN_REPORTED_DWELL_S:  # otherwise workers report nothing
            count = sum(count for _, count in taken)
            thinned = tuple(dwells_s[:: max(1, len(dwells_s) // MAX_REPORTED_DWELLS)])
            self._reported.append(
                ThroughputSample(Lane.STAMPING, now, "all", count, count, thinned)
            )
        settled = []
        while self._reported and self._reported[0].at <= now - SETTLED:
            settled.append(self._reported.popleft())
        self.status = next_status(self.status, waiting, settled, now)
        return self.status


@dataclass(slots=True)
class LaneUse:
    """How long the lane had work, of the time in which people waited outside."""

    waiting_s: float = 0.0
    busy_s: float = 0.0

    def record(self, people_outside: int, queued: int, length_s: float) -> None:
        if people_outside:
            self.waiting_s += length_s
            self.busy_s += length_s if queued else 0.0

    def busy_share(self) -> float | None:
        return self.busy_s / self.waiting_s if self.waiting_s else None


def asked_for(asked: Sequence[tuple[float, int]]) -> AskedFor:
    """`asked`: lags and counts. As many lags as samples report."""
    lags_s = sorted(lag_s for lag_s, _ in asked)
    thinned = tuple(lags_s[:: max(1, len(lags_s) // MAX_REPORTED_DWELLS)])
    return AskedFor(sum(count for _, count in asked), thinned)


def at(now_s: float) -> datetime:
    return EPOCH + timedelta(seconds=now_s)
