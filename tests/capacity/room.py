"""The waiting room: the office's own rules (`meterai.domain`) decide who may buy."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from meterai.domain.waiting.admission_control import AdmissionPolicy, next_admission, open_from
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus, ThroughputSample
from meterai.domain.waiting.throughput_estimator import SETTLED, first_status, next_status

EPOCH = datetime(2024, 8, 19, 17, tzinfo=UTC)  # 20 August in Jakarta
CURVE_POINTS = 120
TOLD_FROM_S, TOLD_DWELLS = 2, 20  # as entrypoints/queue.py does


@dataclass(frozen=True, slots=True)
class Place:
    people: int
    taken_at: datetime
    admit: Callable[[], None]


class WaitingCurve:
    """Moved on once a tick, as `steps/publish_load_snapshot.py` does."""

    def __init__(self, rules: AdmissionPolicy) -> None:
        self.rules = rules
        self.admission = open_from(EPOCH, rules)
        self.waiting = 0
        self.most_waiting = 0
        self.closed_s = 0.0
        self.first_closed_s: float | None = None
        self._places: deque[Place] = deque()
        self._issued = 0
        self._curve: deque[CumulativePoint] = deque([CumulativePoint(EPOCH, 0)])

    def admits(self, place_at: datetime | None) -> bool:
        """Whoever has that place, or none, may buy."""
        if place_at is None:
            return self.admission.is_open
        return self.admission.admits(place_at)

    def asks_after_s(self, place_at: datetime) -> float:
        return self.admission.ask_after(place_at).total_seconds()

    def looks_per_s(self) -> float:
        """Of all who wait, each told by its own place when to ask again."""
        if not self._places:
            return 0.0
        samples = [
            self._places[int(share * len(self._places))] for share in (0.05, 0.2, 0.4, 0.6, 0.8)
        ]
        each = [1 / self.asks_after_s(place.taken_at) for place in samples]
        return self.waiting * sum(each) / len(each)

    def enter(self, people: int, now_s: float, admit: Callable[[], None]) -> datetime:
        """Take a place; `admit` is called once the watermark has passed it."""
        self._issued += people
        self.waiting += people
        self.most_waiting = max(self.most_waiting, self.waiting)
        place = Place(people, at(now_s), admit)
        self._places.append(place)
        return place.taken_at

    def move_on(self, stamping: QueueStatus, bought: int, now_s: float, length_s: float) -> None:
        """Decide anew, and admit whom the watermark has passed. `bought`: e-meterai since then."""
        now = stamping.at
        self._curve.append(CumulativePoint(now, self._issued))
        self._forget(self.admission.watermark)
        self.admission = next_admission(
            self.admission, stamping, tuple(self._curve), bought, {}, now, self.rules
        )
        if not self.admission.is_open:
            self.closed_s += length_s
            if self.first_closed_s is None:
                self.first_closed_s = now_s
        while self._places and (
            self.admission.is_open or self._places[0].taken_at <= self.admission.watermark
        ):
            place = self._places.popleft()
            self.waiting -= place.people
            place.admit()

    def _forget(self, watermark: datetime) -> None:
        """What lies behind the watermark, and every second point of a curve that is too long."""
        while len(self._curve) > 2 and self._curve[1].at <= watermark:
            self._curve.popleft()
        if len(self._curve) > 2 * CURVE_POINTS:
            points = list(self._curve)
            self._curve = deque([points[0], *points[1:-1:2], points[-1]])


class Gauge:
    """What is known of the stamping lane: its depth, and what its workers tell of each tick."""

    def __init__(self) -> None:
        self.flow = first_status(Lane.STAMPING, 0, EPOCH)
        self._told: deque[ThroughputSample] = deque()

    def look(self, now_s: float, waiting: int, taken: list[tuple[float, int]]) -> QueueStatus:
        """`taken` since the last look, each as how long it had lain there, and how many such."""
        now = at(now_s)
        dwells_s = sorted(dwell_s for dwell_s, _ in taken)
        if dwells_s and dwells_s[-1] >= TOLD_FROM_S:  # in calm weather workers tell nothing
            count = sum(count for _, count in taken)
            thinned = tuple(dwells_s[:: max(1, len(dwells_s) // TOLD_DWELLS)])
            self._told.append(ThroughputSample(Lane.STAMPING, now, "all", count, count, thinned))
        settled = []
        while self._told and self._told[0].at <= now - SETTLED:
            settled.append(self._told.popleft())
        self.flow = next_status(self.flow, waiting, settled, now)
        return self.flow


def at(now_s: float) -> datetime:
    return EPOCH + timedelta(seconds=now_s)
