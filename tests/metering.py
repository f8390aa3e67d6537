"""Meters use of AWS: calls, write units, read units and signatures, from botocore's events.

Write units are what the response reports, so they are as right as the endpoint's counting:
ministack counts as AWS does, moto does not. AWS also charges a refused write, but no endpoint
reports it. Read units are computed here by DynamoDB's rules (developer guide, "DynamoDB read and
write operations") from what was read: ministack counts one unit or half a unit for each read,
whatever its size.
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
COUNTED_BYTES = 100  # for each entry that was counted but is not in the response (`Select: COUNT`)
_PARAMETERS = "meterai_parameters"  # in botocore's context of a call: its parameters


@dataclass(slots=True, eq=False)  # compared by identity: two equal measurements are still two
class Usage:
    """`calls` by "dynamodb.PutItem" and the like. `requests` also counts botocore's own retries.
    `items_read`: items, or entries of an index, that DynamoDB read to answer."""

    calls: Counter[str] = field(default_factory=Counter)
    requests: int = 0
    write_units: float = 0
    read_units: float = 0
    items_read: int = 0

    @property
    def kms_signs(self) -> int:
        return self.calls["kms.Sign"]


class Meter:
    """Watches clients until it is stopped, or until the end of its `with` block. Threads may share
    it."""

    def __init__(self, *clients: "BaseClient") -> None:
        self.total = Usage()
        self._usages = [self.total]
        self._lock = Lock()
        self._emitters = [client.meta.events for client in clients]
        for events in self._emitters:
            events.register("provide-client-params.dynamodb", _request_units)
            events.register("before-send", self._on_request)
            events.register("after-call", self._on_response)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        for events in self._emitters:
            events.unregister("provide-client-params.dynamodb", _request_units)
            events.unregister("before-send", self._on_request)
            events.unregister("after-call", self._on_response)

    @contextmanager
    def measured(self) -> Iterator[Usage]:
        """The use of AWS inside the block, by any thread. Blocks may be nested."""
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
                usage.requests += 1

    def _on_response(
        self, parsed: Mapping[str, Any], model: Any, context: dict[str, Any], **_: object
    ) -> None:
        service = model.service_model.service_name
        succeeded = service == "dynamodb" and "Error" not in parsed
        write_units = _write_units(parsed) if succeeded and model.name in WRITES else 0
        read = model.name if succeeded and model.name in READS else ""
        read_units = _read_units(read, context[_PARAMETERS], parsed) if read else 0
        items_read = _items_read(parsed) if read else 0
        with self._lock:
            for usage in self._usages:
                usage.calls[f"{service}.{model.name}"] += 1
                usage.write_units += write_units
                usage.read_units += read_units
                usage.items_read += items_read


def _request_units(
    params: dict[str, Any], model: Any, context: dict[str, Any], **_: object
) -> None:
    context[_PARAMETERS] = params
    if model.name in WRITES:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _read_units(operation: str, parameters: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    """A consistent read costs one unit for each 4 KB begun, any other read half of that; an empty
    result costs as much as one block. Items read by key are rounded up one by one, items of a query
    together."""
    if operation == "BatchGetItem":
        return sum(
            _share(one) * (sum(map(_blocks, found)) + len(one["Keys"]) - len(found))
            for table, one in parameters["RequestItems"].items()
            for found in [parsed["Responses"].get(table, [])]
        )
    if operation == "GetItem":
        return _share(parameters) * _blocks(parsed.get("Item", {}))
    return _share(parameters) * _blocks_of(
        sum(map(size_of, parsed["Items"])) if "Items" in parsed else COUNTED_BYTES * parsed["Count"]
    )


def _share(parameters: Mapping[str, Any]) -> float:
    return 1 if parameters.get("ConsistentRead") else 0.5


def _blocks(item: Item) -> int:
    return _blocks_of(size_of(item))


def _blocks_of(size_bytes: int) -> int:
    return max(1, math.ceil(size_bytes / READ_UNIT_BYTES))


def _items_read(parsed: Mapping[str, Any]) -> int:
    """Includes items that a filter or a count left out of the response."""
    if "ScannedCount" in parsed:
        return int(parsed["ScannedCount"])
    if "Responses" in parsed:
        return sum(map(len, parsed["Responses"].values()))
    return int("Item" in parsed)


def _write_units(parsed: Mapping[str, Any]) -> float:
    consumed = parsed.get("ConsumedCapacity", [])
    each = consumed if isinstance(consumed, list) else [consumed]
    return sum(float(one.get("CapacityUnits", 0)) for one in each)
