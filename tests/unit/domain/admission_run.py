"""An admission advanced second by second, with a chosen lane and waiting room."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.waiting.admission_control import (
    TICKETS_SETTLED,
    Admission,
    AdmissionPolicy,
    next_admission,
    open_from,
)
from meterai.domain.waiting.demand import AskedFor
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus
from tests.unit.domain.curves import straight

START = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AN_HOUR_AGO = START - timedelta(hours=1)
POLICY = AdmissionPolicy()
CALM = QueueStatus(Lane.STAMPING, START)
NOTHING_ASKED = AskedFor()
LIMIT_S = POLICY.longest_wait.total_seconds()


def lane(wait_s: float = 0.0, per_s: float = 10.0, dwell_s: float = 0.0) -> QueueStatus:
    """A stamping lane in which a message sent now waits `wait_s`."""
    ahead = wait_s * per_s
    return QueueStatus(
        Lane.STAMPING,
        START,
        waiting=round(ahead),
        drained_low_per_s=per_s,
        drained_high_per_s=per_s,
        dwell_p50_s=dwell_s,
        dwell_p90_s=dwell_s,
        curve=straight(AN_HOUR_AGO, START, ahead),
        reached=AN_HOUR_AGO,
    )


@dataclass
class Run:
    """An admission that is advanced once a second. `issued`: the curve of tickets as far as a
    lagging index shows it. `total`: all tickets issued."""

    admission: Admission = field(default_factory=lambda: open_from(START, POLICY))
    now: datetime = START
    issued: list[CumulativePoint] = field(default_factory=list)
    total: float = 0.0
    _unsettled: deque[CumulativePoint] = field(default_factory=deque)
    deadlines: dict[str, datetime] = field(default_factory=dict)
    policy: AdmissionPolicy = POLICY

    def advance(
        self,
        seconds: int,
        status: QueueStatus,
        issued_per_s: float = 0.0,
        ordered_per_s: int = 0,
        asked: AskedFor = NOTHING_ASKED,
    ) -> Admission:
        for _ in range(seconds):
            self.now += SECOND
            self.total += issued_per_s
            self._unsettled.append(CumulativePoint(self.now, self.total))
            if self._unsettled[0].at <= self.now - TICKETS_SETTLED:
                self.issued.append(self._unsettled.popleft())
            self.admission = next_admission(
                self.admission,
                status,
                self.issued,
                ordered_per_s,
                asked,
                self.deadlines,
                self.now,
                self.policy,
            )
        return self.admission
