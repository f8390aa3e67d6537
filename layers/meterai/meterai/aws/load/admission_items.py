"""How the admission is stored in the snapshot: times are seconds before the snapshot's."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Any

from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.waiting.admission_control import Admission, WaitingCurve, WatermarkSample
from meterai.domain.waiting.demand import Demand
from meterai.domain.waiting.pace import Pace
from meterai.domain.waiting.queue_status import CumulativePoint

SECOND = timedelta(seconds=1)


def admission_values(admission: Admission, at: datetime) -> dict[str, Any]:
    """`at`: of the snapshot."""
    room, demand, pace = admission.room, admission.demand, admission.pace
    return {
        "at": text_of_time(at),
        "is_open": admission.is_open,
        "changed": _before(at, admission.changed_at),
        "short": None if admission.short_since is None else _before(at, admission.short_since),
        "watermark": _before(at, admission.watermark),
        "over": _before(at, admission.over),
        "capacity": round(admission.capacity_per_s, 3),
        "usual": [round(admission.usual_per_s, 3), round(admission.usual_over_s)],
        "holds": round(admission.holds / SECOND),
        "ordered": _points(at, demand.ordered),
        "asked": _points(at, demand.asked),
        "lags": [round(demand.lag_p50_s, 1), round(demand.lag_p90_s, 1)],
        "pace": None if pace is None else [round(one, 3) for one in astuple(pace)],
        "marks": [
            [_before(at, mark.at, 1), _before(at, mark.watermark, 1)] for mark in admission.marks
        ],
        "waiting": None if room is None else room.waiting,
        "issued": [] if room is None else _points(at, room.issued),
    }


def admission_from(values: Mapping[str, Any]) -> Admission:
    """Also as it was stored while people were admitted by levels: what was ordered is kept."""
    at = time_of_text(values["at"])
    short, pace, capacity_per_s = values.get("short"), values.get("pace"), values["capacity"]
    usual_per_s, usual_over_s = values.get("usual", (capacity_per_s, 0))
    return Admission(
        is_open=values["is_open"],
        changed_at=at - values["changed"] * SECOND,
        short_since=None if short is None else at - short * SECOND,
        watermark=at - values["watermark"] * SECOND,
        over=at - values["over"] * SECOND,
        capacity_per_s=capacity_per_s,
        usual_per_s=usual_per_s,
        usual_over_s=float(usual_over_s),
        demand=Demand(
            _curve(at, values["ordered"] if "ordered" in values else values["orders"]),
            _curve(at, values.get("asked", ())),
            *values.get("lags", (0.0, 0.0)),
        ),
        pace=None if pace is None else Pace(*pace),
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
