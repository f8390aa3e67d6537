"""What is asked of AWS: calls, write units, read units, signatures; told by botocore's own events.

Write units are what the answer says, so they are worth as much as the endpoint's counting:
ministack counts as AWS does, moto does not. A write that was refused is charged too on AWS, but no
endpoint says so in its answer. Read units are counted here, by DynamoDB's rules (developer guide,
"DynamoDB read and write operations"), from what was read: ministack counts a unit for each read, or
half of one, however much that was.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

from meterai.aws.tables.attributes import Item
from tests.contract.sizes import READ_UNIT_BYTES, size_of

if TYPE_CHECKING:
    from botocore.client import BaseClient

READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan"})
WRITES = frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})
COUNTED_BYTES = 100  # of an entry that was counted and is not in the answer (`Select: COUNT`)
_ASKED = "meterai_asked"  # in botocore's context of a call: what it was called with


@dataclass(slots=True, eq=False)  # each is itself, however alike two may look
class Usage:
    """`calls` by "dynamodb.PutItem" and such; `asked` counts botocore's own retries too.
    `items_read`: how many items, or entries of an index, DynamoDB looked at to answer."""

    calls: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    write_units: float = 0
    read_units: float = 0
    items_read: int = 0

    @property
    def kms_signs(self) -> int:
        return self.calls["kms.Sign"]


class Meter:
    """Watches clients until it is stopped, by hand or at the end of a `with`. Threads may share
    it."""

    def __init__(self, *clients: "BaseClient") -> None:
        self.total = Usage()
        self._usages = [self.total]
        self._lock = Lock()
        self._emitters = [client.meta.events for client in clients]
        for events in self._emitters:
            events.register("provide-client-params.dynamodb", _ask_for_units)
            events.register("before-send", self._on_request)
            events.register("after-call", self._on_answer)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for events in self._emitters:
            events.unregister("provide-client-params.dynamodb", _ask_for_units)
            events.unregister("before-send", self._on_request)
            events.unregister("after-call", self._on_answer)

    @contextmanager
    def measured(self) -> Iterator[Usage]:
        """What is used inside, by any thread. May be nested."""
        usage = Usage()
        with self._lock:
            self._usages.append(usage)
        try:
            yield usage
        finally:
            with self._lock:
                self._usages.remove(usage)

    def _on_request(self, **_: object) -> None:
        with self._lock:
            for usage in self._usages:
                usage.asked += 1

    def _on_answer(
        self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        service = model.service_model.service_name
        answered = service == "dynamodb" and "Error" not in parsed
        write_units = _write_units(parsed) if answered and model.name in WRITES else 0
        read = model.name if answered and model.name in READS else ""
        read_units = _read_units(read, context[_ASKED], parsed) if read else 0
        items_read = _items_read(parsed) if read else 0
        with self._lock:
            for usage in self._usages:
                usage.calls[f"{service}.{model.name}"] += 1
                usage.write_units += write_units
                usage.read_units += read_units
                usage.items_read += items_read


def _ask_for_units(
    params: dict[str, Any], model: Any, context: dict[str, Any], **_: object
) -> None:
    context[_ASKED] = params
    if model.name in WRITES:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _read_units(operation: str, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    """A consistent read is a unit for each begun 4 KB, any other half of one; nothing is as good as
    one. What is read by key is rounded up by itself, what is queried altogether."""
    if operation == "BatchGetItem":
        return sum(
            _share(one) * (sum(map(_blocks, found)) + len(one["Keys"]) - len(found))
            for table, one in asked["RequestItems"].items()
            for found in [parsed["Responses"].get(table, [])]
        )
    if operation == "GetItem":
        return _share(asked) * _blocks(parsed.get("Item", {}))
    return _share(asked) * _blocks_of(
        sum(map(size_of, parsed["Items"])) if "Items" in parsed else COUNTED_BYTES * parsed["Count"]
    )


def _share(asked: Mapping[str, Any]) -> float:
    return 1 if asked.get("ConsistentRead") else 0.5


def _blocks(item: Item) -> int:
    return _blocks_of(size_of(item))


def _blocks_of(size_bytes: int) -> int:
    return max(1, math.ceil(size_bytes / READ_UNIT_BYTES))


def _items_read(parsed: Mapping[str, Any]) -> int:
    """What a filter or a count kept back is in it."""
    if "ScannedCount" in parsed:
        return int(parsed["ScannedCount"])
    if "Responses" in parsed:
        return sum(map(len, parsed["Responses"].values()))
    return int("Item" in parsed)


def _write_units(parsed: Mapping[str, Any]) -> float:
    consumed = parsed.get("ConsumedCapacity", [])
    each = consumed if isinstance(consumed, list) else [consumed]
    return sum(float(one.get("CapacityUnits", 0)) for one in each)
