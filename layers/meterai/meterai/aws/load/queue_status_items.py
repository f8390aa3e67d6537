"""How one lane is stored in the snapshot: few, small numbers.

Its curve is stored as steps from point to point: whole seconds, and how many more. Other times are
seconds before its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus

SECOND = timedelta(seconds=1)


def queue_status_values(status: QueueStatus) -> dict[str, Any]:
    first = status.curve[0] if status.curve else None
    return {
        "at": text_of_time(status.at),
        "waiting": status.waiting,
        "low": round(status.drained_low_per_s, 2),
        "high": round(status.drained_high_per_s, 2),
        "p50": round(status.dwell_p50_s, 1),
        "p90": round(status.dwell_p90_s, 1),
        "drained": round(status.drained),
        "rates": [round(rate, 2) for rate in status.rates_per_s],
        "busy": round(status.busy_s, 1),
        "still": round(status.still_s, 1),
        "reached": None if status.reached is None else _before(status, status.reached),
        "from": None if first is None else [_before(status, first.at), round(first.arrived)],
        "steps": [
            number
            for before, after in pairwise(status.curve)
            for number in (
                round((after.at - before.at) / SECOND),
                round(after.arrived) - round(before.arrived),
            )
        ],
    }


def queue_status_from(lane: Lane, values: Mapping[str, Any]) -> QueueStatus:
    at = time_of_text(values["at"])
    return QueueStatus(
        lane=lane,
        at=at,
        waiting=values["waiting"],
        drained_low_per_s=values["low"],
        drained_high_per_s=values["high"],
        dwell_p50_s=values["p50"],
        dwell_p90_s=values["p90"],
        curve=_curve_from(at, values),
        drained=float(values["drained"]),
        rates_per_s=tuple(values["rates"]),
        busy_s=values["busy"],
        still_s=values["still"],
        reached=None if values["reached"] is None else at - values["reached"] * SECOND,
    )


def _before(status: QueueStatus, then: datetime) -> float:
    return round((status.at - then) / SECOND, 1)


def _curve_from(at: datetime, values: Mapping[str, Any]) -> tuple[CumulativePoint, ...]:
    if values["from"] is None:
        return ()
    before, arrived = values["from"]
    points = [CumulativePoint(at - before * SECOND, float(arrived))]
    steps = iter(values["steps"])
    for seconds, more in zip(steps, steps, strict=True):
        last = points[-1]
        points.append(CumulativePoint(last.at + seconds * SECOND, last.arrived + more))
    return tuple(points)
