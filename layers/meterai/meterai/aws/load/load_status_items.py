"""How samples and the snapshot are stored in their items, as small as they can be.

A snapshot is few, small numbers, in JSON, compressed: with every lane and the waiting room full it
is less than 4 KB, half a read unit, since every instance reads the one item each second.
"""

import json
import zlib
from base64 import b85decode, b85encode
from datetime import UTC, datetime, timedelta
from typing import Any

from meterai.aws.load.admission_items import admission_from, admission_values
from meterai.aws.load.queue_status_items import queue_status_from, queue_status_values
from meterai.aws.tables.attributes import (
    Item,
    NewItem,
    Value,
    maybe_text,
    new_item,
    text,
    text_of_time,
    time,
    time_of_text,
    whole,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.domain.waiting.selling import Closed

HONOURS = "r"  # after a deadline: the portal accepts a receipt from before it

_EPOCH = datetime.fromtimestamp(0, UTC)
_MICROSECOND = timedelta(microseconds=1)


def sample_item(sample: ThroughputSample, flow: str, expires_at: datetime) -> NewItem:
    return new_item(
        {
            "flow": flow,
            "at": f"{text_of_time(sample.at)}#{sample.instance}#{sample.lane}",
            "taken": sample.taken,
            "accounts": sample.accounts,
            "dwells_s": _short([round(dwell_s, 1) for dwell_s in sample.dwells_s]),
            "expires_at": int(expires_at.timestamp()),
        }
    )


def sample_from(item: Item) -> ThroughputSample:
    at, instance, lane = text(item, "at").split("#")
    return ThroughputSample(
        lane=Lane(lane),
        at=time_of_text(at),
        instance=instance,
        taken=whole(item, "taken"),
        accounts=whole(item, "accounts"),
        dwells_s=tuple(json.loads(text(item, "dwells_s"))),
    )


def snapshot_values(snapshot: LoadSnapshot) -> dict[str, Value]:
    admission = snapshot.admission
    return {
        "made_at": snapshot.at,
        "lanes": _packed(
            {str(lane): queue_status_values(status) for lane, status in snapshot.lanes.items()}
        ),
        "deadlines": {
            name: _deadline_text(at, honours=name in snapshot.honouring)
            for name, at in snapshot.deadlines.items()
        },
        "closed": snapshot.closed,
        "admission": None
        if admission is None
        else _packed(admission_values(admission, snapshot.at)),
    }


def snapshot_from(item: Item) -> LoadSnapshot:
    admission, closed = maybe_text(item, "admission"), maybe_text(item, "closed")
    lanes = {Lane(lane): values for lane, values in _unpacked(text(item, "lanes")).items()}
    deadlines = {name: value["S"] for name, value in item["deadlines"]["M"].items()}
    return LoadSnapshot(
        at=time(item, "made_at"),
        lanes={lane: queue_status_from(lane, values) for lane, values in lanes.items()},
        admission=None if admission is None else admission_from(_unpacked(admission)),
        deadlines={name: _deadline_from(text) for name, text in deadlines.items()},
        honouring=frozenset(name for name, text in deadlines.items() if text.endswith(HONOURS)),
        closed=None if closed is None else Closed(closed),
    )


def _deadline_text(at: datetime, *, honours: bool) -> str:
    """Microseconds since 1970: a dozen bytes less than an ISO time."""
    return f"{(at - _EPOCH) // _MICROSECOND}{HONOURS * honours}"


def _deadline_from(text: str) -> datetime:
    return _EPOCH + int(text.removesuffix(HONOURS)) * _MICROSECOND


def _packed(value: dict[str, Any]) -> str:
    return b85encode(zlib.compress(_short(value).encode(), 9)).decode("ascii")


def _unpacked(packed: str) -> dict[str, Any]:
    """Raises ValueError where it was not packed here."""
    try:
        found: dict[str, Any] = json.loads(zlib.decompress(b85decode(packed)))
    except zlib.error as error:
        raise ValueError from error
    return found


def _short(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))
