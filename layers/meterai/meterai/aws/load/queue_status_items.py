"""How one lane of the snapshot lies in it: few, small numbers.

Its curve is told in steps from point to point: whole seconds, and how many more. Other times are
seconds before its own.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from meterai.aws.tables.attributes import text_of_time, time_of_text
from meterai.domain.waiting.queue_status import CumulativePoint, Lane, QueueStatus

SECOND = timedelta(seconds=1)


def queue_status_values(flow: QueueStatus) -> dict[str, Any]:
    first = flow.curve[0] if flow.curve else None
    return {
        "at": text_of_time(flow.at),
        "waiting": flow.waiting,
        "low": round(flow.drained_low_per_s, 2),
        "high": round(flow.drained_high_per_s, 2),
        "p50": round(flow.dwell_p50_s, 1),
        "p90": round(flow.dwell_p90_s, 1),
        "drained": round(flow.drained),
        "rates": [round(rate, 2) for rate in flow.rates_per_s],
        "busy": round(flow.busy_s, 1),
        "still": round(flow.still_s, 1),
        "reached": None if flow.reached is None else _before(flow, flow.reached),
        "from": None if first is None else [_before(flow, first.at), round(first.arrived)],
        "steps": [
            number
            for before, after in pairwise(flow.curve)
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


def _before(flow: QueueStatus, then: datetime) -> float:
    return round((flow.at - then) / SECOND, 1)


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
