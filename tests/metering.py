"""What is asked of AWS: calls, write units, read units, signatures; told by botocore's own events.

Units are what the answer says, so they are worth as much as the endpoint's counting: ministack
counts as AWS does, moto does not. A write that was refused is charged too on AWS, but no endpoint
says so in its answer.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from botocore.client import BaseClient

READS = frozenset({"BatchGetItem", "GetItem", "Query", "Scan", "TransactGetItems"})
WRITES = frozenset({"BatchWriteItem", "DeleteItem", "PutItem", "TransactWriteItems", "UpdateItem"})


@dataclass(slots=True, eq=False)  # each is itself, however alike two may look
class Usage:
    """`calls` by "dynamodb.PutItem" and such; `asked` counts botocore's own retries too."""

    calls: Counter[str] = field(default_factory=Counter)
    asked: int = 0
    write_units: float = 0
    read_units: float = 0

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

    def _on_answer(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        service = model.service_model.service_name
        units = _units(parsed)
        with self._lock:
            for usage in self._usages:
                usage.calls[f"{service}.{model.name}"] += 1
                if model.name in WRITES:
                    usage.write_units += units
                elif model.name in READS:
                    usage.read_units += units


def _ask_for_units(params: dict[str, Any], model: Any, **_: object) -> None:
    if model.name in READS | WRITES:
        params["ReturnConsumedCapacity"] = "TOTAL"


def _units(parsed: Mapping[str, Any]) -> float:
    consumed = parsed.get("ConsumedCapacity", [])
    each = consumed if isinstance(consumed, list) else [consumed]
    return sum(float(one.get("CapacityUnits", 0)) for one in each)
