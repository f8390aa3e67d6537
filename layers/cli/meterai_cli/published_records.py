"""The system's published records of what it issued, as a file: a JSON array, or one JSON object a
line. Of each e-meterai:

    {"serial": "JV8R...", "outputs": ["<SHA-256>.<size in bytes>", ...], "document": "<SHA-256>"}

`outputs` are the files that were issued with it, oldest first, and `document` is the file that was
stamped. Hashes are hex or base64url. `stamping` names the first serial of a stamping of several;
`state` is `stamped` where it is missing.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from meterai.domain.id_derivation import OrderId
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.serials import Serial, parse_serial
from meterai.domain.stamping.stampings import DocumentKind, EMeterai, SerialState
from meterai.trust.jws import bytes_of

_HEX = re.compile(r"[0-9a-f]{64}")
NOT_PUBLISHED = datetime(1970, 1, 1, tzinfo=UTC)


class RecordsWrong(Exception):
    """The file is not one of published records. The text says where."""


@dataclass(frozen=True, slots=True)
class PublishedRecords:
    """See `ports.Serials`, of which verification reads this much."""

    by_serial: Mapping[Serial, EMeterai]

    def get_many(self, serials: Sequence[Serial]) -> tuple[EMeterai, ...]:
        return tuple(self.by_serial[one] for one in serials if one in self.by_serial)

    def stamped_output(self, emeterai: EMeterai) -> Output | None:
        """See `ports.Documents`. No file is stored here beside what is published."""
        del emeterai
        return None


def read_records(path: Path) -> PublishedRecords:
    """Raises RecordsWrong, OSError."""
    try:
        text = path.read_text(encoding="utf-8")
        entries = json.loads(text) if text.lstrip().startswith("[") else _lines(text)
        records = [_record(entry) for entry in entries]
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise RecordsWrong(f"{path}: {error}") from error
    return PublishedRecords({one.serial: one for one in records})


def a_record(
    serial: Serial,
    outputs: tuple[Output, ...],
    *,
    document: str = "",
    stamping: Serial | None = None,
    state: SerialState = SerialState.STAMPED,
) -> EMeterai:
    """With what is published; what is not is empty."""
    return EMeterai(
        serial=serial,
        serials=tuple(dict.fromkeys((stamping or serial, serial))),
        state=state,
        order_id=OrderId(""),
        slot=0,
        account="",
        document=document,
        placement=Placement(1, 0, 0, 0),
        kind=DocumentKind.STATEMENT,
        reason="",
        portal=None,
        body_hash="",
        requested_at=NOT_PUBLISHED,
        timer=None,
        outputs=outputs,
    )


def _lines(text: str) -> list[Any]:
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def _record(entry: Mapping[str, Any]) -> EMeterai:
    stamping = entry.get("stamping")
    return a_record(
        _serial(entry["serial"]),
        tuple(_output(one) for one in entry["outputs"]),
        document=_hash(entry["document"]) if entry.get("document") else "",
        stamping=None if stamping is None else _serial(stamping),
        state=SerialState(entry.get("state", SerialState.STAMPED)),
    )


def _output(text: str) -> Output:
    name, _, size = text.partition(".")
    return Output(_hash(name), int(size) if size else None)


def _hash(text: str) -> str:
    """64 hex digits."""
    value = text if _HEX.fullmatch(text) else bytes_of(text).hex()
    if _HEX.fullmatch(value) is None:
        raise ValueError(f"{text!r} is no SHA-256")
    return value


def _serial(text: str) -> Serial:
    serial = parse_serial(text)
    if serial is None:
        raise ValueError(f"{text!r} is no serial")
    return serial
