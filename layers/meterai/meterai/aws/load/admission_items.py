"""How the admission is stored in the snapshot: times are seconds before the snapshot's."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.waiting.admission_control import Admission, WaitingCurve, WatermarkSample
from meterai.domain.waiting.queue_status import CumulativePoint

SECOND = timedelta(seconds=1)


def admission_values(admission: Admission, at: datetime) -> dict[str, Any]:
    """`at`: of the snapshot."""
    room = admission.room
    return {
        "at": text_of_time(at),
        "level": admission.level,
        "is_open": admission.is_open,
        "changed": _before(at, admission.changed_at),
        "calm": None if admission.calm_since is None else _before(at, admission.calm_since),
        "watermark": _before(at, admission.watermark),
        "over": _before(at, admission.over),
        "capacity": round(admission.capacity_per_s, 3),
        "holds": round(admission.holds / SECOND),
        "orders": _points(at, admission.orders),
        "marks": [
            [_before(at, mark.at, 1), _before(at, mark.watermark, 1)] for mark in admission.marks
        ],
        "waiting": None if room is None else room.waiting,
        "issued": [] if room is None else _points(at, room.issued),
    }


def admission_from(values: Mapping[str, Any]) -> Admission:
    at = time_of_text(values["at"])
    calm = values["calm"]
    return Admission(
        level=values["level"],
        is_open=values["is_open"],
        changed_at=at - values["changed"] * SECOND,
        calm_since=None if calm is None else at - calm * SECOND,
        watermark=at - values["watermark"] * SECOND,
        over=at - values["over"] * SECOND,
        capacity_per_s=values["capacity"],
        orders=_curve(at, values["orders"]),
        marks=tuple(
            WatermarkSample(at - seen * SECOND, at - watermark * SECOND)
            for seen, watermark in values["marks"]
        ),
        room=None
        if values["waiting"] is None
        else WaitingCurve(values["waiting"], _curve(at, values["issued"])),
        holds=values["holds"] * SECOND,
    )


def _points(at: datetime, curve: Sequence[CumulativePoint]) -> list[list[float]]:
    return [[_before(at, point.at, 1), round(point.arrived)] for point in curve]


def _curve(at: datetime, points: Sequence[Sequence[float]]) -> tuple[CumulativePoint, ...]:
    return tuple(CumulativePoint(at - seen * SECOND, float(arrived)) for seen, arrived in points)


def _before(at: datetime, then: datetime, digits: int = 6) -> float:
    return round((at - then) / SECOND, digits)
