"""How tallies and the snapshot lie in their items, and no larger than they need.

A lane is one line of JSON. Its curve is told in steps from point to point (whole seconds, and how
many more), which are small numbers: all lanes in a surge come to less than 4 KB, which is one read.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from meterai.aws.admission_items import admission_from, admission_text
from meterai.aws.items import (
    Item,
    NewItem,
    Value,
    item_of,
    maybe_text,
    text,
    text_of_time,
    time,
    time_of_text,
    whole,
)
from meterai.aws.lane_flow_items import lane_flow_from, lane_flow_values
from meterai.domain.flow import Lane, Snapshot, Tally

HONOURS = "r"  # behind a deadline: the portal takes a receipt of before it

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)


def tally_item(tally: Tally, flow: str, expires_at: datetime) -> NewItem:
    return item_of(
        {
            "flow": flow,
            "at": f"{text_of_time(tally.at)}#{tally.instance}#{tally.lane}",
            "taken": tally.taken,
            "accounts": tally.accounts,
            "dwells_s": _short([round(dwell_s, 1) for dwell_s in tally.dwells_s]),
            "expires_at": int(expires_at.timestamp()),
        }
    )


def tally_from(item: Item) -> Tally:
    at, instance, lane = text(item, "at").split("#")
    return Tally(
        lane=Lane(lane),
        at=time_of_text(at),
        instance=instance,
        taken=whole(item, "taken"),
        accounts=whole(item, "accounts"),
        dwells_s=tuple(json.loads(text(item, "dwells_s"))),
    )


def snapshot_values(snapshot: Snapshot) -> dict[str, Value]:
    admission = snapshot.admission
    return {
        "made_at": snapshot.at,
        "lanes": {
            str(lane): _short(lane_flow_values(flow)) for lane, flow in snapshot.lanes.items()
        },
        "deadlines": {
            name: _deadline_text(at, honours=name in snapshot.honouring)
            for name, at in snapshot.deadlines.items()
        },
        "admission": None if admission is None else admission_text(admission, snapshot.at),
    }


def snapshot_from(item: Item) -> Snapshot:
    admission = maybe_text(item, "admission")
    lanes = {Lane(lane): json.loads(line["S"]) for lane, line in item["lanes"]["M"].items()}
    deadlines = {name: value["S"] for name, value in item["deadlines"]["M"].items()}
    return Snapshot(
        at=time(item, "made_at"),
        lanes={lane: lane_flow_from(lane, values) for lane, values in lanes.items()},
        admission=None if admission is None else admission_from(admission),
        deadlines={name: _deadline_from(text) for name, text in deadlines.items()},
        honouring=frozenset(name for name, text in deadlines.items() if text.endswith(HONOURS)),
    )


def _deadline_text(at: datetime, *, honours: bool) -> str:
    """Microseconds since 1970: a dozen bytes less than a time in words."""
    return f"{(at - _EPOCH) // _MICROSECOND}{HONOURS * honours}"


def _deadline_from(text: str) -> datetime:
    return _EPOCH + int(text.removesuffix(HONOURS)) * _MICROSECOND


def _short(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
