"""The snapshot that every instance has, while buying is paused."""

from datetime import timedelta

from meterai.domain.admission import Admission, Room
from meterai.domain.flow import CurvePoint, Snapshot
from meterai.services import office as joined
from tests.unit.functions.stamp_office import StampOffice

SECOND = timedelta(seconds=1)


def pause(
    office: StampOffice, *, watermark_s: int, over_s: int = -3_600, capacity_per_s: float = 80.0
) -> None:
    """The snapshot that every instance has: buying is paused; both as seen from now."""
    now = office.world.now
    watermark = now + watermark_s * SECOND
    issued = (CurvePoint(now - 200 * SECOND, 0.0), CurvePoint(now, 2_000.0))
    admission = Admission(
        level=50,
        is_open=False,
        changed_at=now,
        calm_since=None,
        watermark=watermark,
        over=now + over_s * SECOND,
        capacity_per_s=capacity_per_s,
        room=Room(1_000, issued),
    )
    vars(joined)["_snapshot"] = lambda: Snapshot(now, {}, admission)
