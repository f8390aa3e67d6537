"""The snapshot that every instance has, while buying is paused."""

from datetime import timedelta

from meterai.domain.waiting.admission_control import Admission, WaitingCurve
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.pace import Pace
from meterai.domain.waiting.queue_status import CumulativePoint
from tests.unit.functions.function_app import FunctionApp

SECOND = timedelta(seconds=1)


def pause(
    memory_app: FunctionApp, *, watermark_s: int, over_s: int = -3_600, capacity_per_s: float = 80.0
) -> None:
    """Puts a snapshot into every instance in which buying is paused. Both times are relative to
    now."""
    now = memory_app.state.now
    watermark = now + watermark_s * SECOND
    issued = (CumulativePoint(now - 200 * SECOND, 0.0), CumulativePoint(now, 2_000.0))
    admission = Admission(
        is_open=False,
        changed_at=now,
        watermark=watermark,
        over=now + over_s * SECOND,
        capacity_per_s=capacity_per_s,
        usual_per_s=capacity_per_s,
        pace=Pace(capacity_per_s / 4, capacity_per_s / 4),
        room=WaitingCurve(1_000, issued),
    )
    memory_app.state.snapshot = LoadSnapshot(now, {}, admission)
