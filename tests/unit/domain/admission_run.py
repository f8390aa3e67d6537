"""An admission moved on second by second, over a lane and a waiting room made to measure."""

from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.admission import SETTLED, Admission, Rules, next_admission, open_from
from meterai.domain.flow import CurvePoint, Lane, LaneFlow
from tests.unit.domain.curves import straight

START = datetime(2026, 11, 24, 16, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
AN_HOUR_AGO = START - timedelta(hours=1)
RULES = Rules()
CALM = LaneFlow(Lane.STAMPING, START)
LIMIT_S = RULES.longest_wait.total_seconds()


def lane(wait_s: float = 0.0, per_s: float = 10.0, dwell_s: float = 0.0) -> LaneFlow:
    """A stamping lane in which who comes now waits so long."""
    ahead = wait_s * per_s
    return LaneFlow(
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
    """An admission that is moved on once a second. `issued`: the curve of places, as far as an
    index tells of them; `total`: all of them."""

    admission: Admission = field(default_factory=lambda: open_from(START, RULES))
    now: datetime = START
    issued: list[CurvePoint] = field(default_factory=list)
    total: float = 0.0
    _unsettled: deque[CurvePoint] = field(default_factory=deque)
    deadlines: dict[str, datetime] = field(default_factory=dict)

    def on(
        self, seconds: int, flow: LaneFlow, issued_per_s: float = 0.0, bought_per_s: int = 0
    ) -> Admission:
        for _ in range(seconds):
            self.now += SECOND
            self.total += issued_per_s
            self._unsettled.append(CurvePoint(self.now, self.total))
            if self._unsettled[0].at <= self.now - SETTLED:
                self.issued.append(self._unsettled.popleft())
            self.admission = next_admission(
                self.admission,
                flow,
                self.issued,
                bought_per_s,
                self.deadlines,
                self.now,
                RULES,
            )
        return self.admission
