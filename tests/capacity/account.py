"""The AWS account: its quotas, tables, functions and lanes, in the numbers of a `Size`."""

import math
from collections.abc import Iterator

import simpy

from tests.capacity import units
from tests.capacity.function import Function
from tests.capacity.lane import LaneSize, QueueLane
from tests.capacity.quotas import ApiQuota, GrowingQuota, Quota
from tests.capacity.sizes import Size
from tests.capacity.times import SDK_RETRIES_S, Times
from tests.capacity.units import Step

API_FUNCTIONS = ("Purchase", "JoinWaitingRoom", "ReceiveWebhook", "RequestStamping")


class Account:
    """`one_queue`: payments and stampings share a queue and its workers."""

    def __init__(
        self, environment: simpy.Environment, size: Size, times: Times, *, one_queue: bool
    ) -> None:
        limits = size.limits
        self.size = size
        self.api = ApiQuota("API requests", limits.api_requests, limits.api_burst)
        self.logins = Quota("Cognito logins", limits.cognito_logins)
        self.creations = Quota("Cognito sign-ups", limits.cognito_creations)
        self.signs = Quota("KMS signatures", limits.kms_signs)
        self.tables = {
            name: GrowingQuota(
                f"{name} writes",
                max(limits.table_writes, size.warm_writes.get(name, 0)),
                limits.table_doubles_s,
                max_per_s=limits.partition_writes * units.SHARDS.get(name, math.inf),
            )
            for name in units.TABLES
        }
        self.functions = {
            name: Function(
                name,
                size.concurrency[name],
                cold_s=times.cold_s(name, size.memory_mb[name]),
                memory_mb=size.memory_mb[name],
                limits=limits,
            )
            for name in (*API_FUNCTIONS, "ConfirmPayment", "Stamp")
        }
        stamping, payments = size.lanes["Stamp"], size.lanes["ConfirmPayment"]
        if one_queue:
            shared = LaneSize(
                min_workers=payments.min_workers,
                max_workers=payments.max_workers + stamping.max_workers,
                workers_added=payments.workers_added,
                batch=stamping.batch,
            )
            self.functions["Stamp"].reserved = shared.max_workers
            self.stamping = QueueLane(environment, "one queue", shared, self.functions["Stamp"])
            self.payments = self.stamping
        else:
            self.stamping = QueueLane(environment, "stamping", stamping, self.functions["Stamp"])
            self.payments = QueueLane(
                environment, "payments", payments, self.functions["ConfirmPayment"]
            )

    def quotas(self) -> Iterator[Quota]:
        yield from (self.api, self.logins, self.creations, self.signs)
        yield from self.tables.values()
        yield from (function.refusals for function in self.functions.values())

    def max_running(self) -> dict[str, int]:
        """The highest concurrency of each function."""
        return {name: one.max_running for name, one in self.functions.items()}

    def write_s(self, step: Step, count: int, now_s: float) -> float | None:
        """How long its writes are throttled; None if the SDK gives up."""
        waits = [
            self.tables[name].wait_s(now_s, count * each, SDK_RETRIES_S)
            for name, each in step.writes.items()
        ]
        known = [wait for wait in waits if wait is not None]
        return max(known, default=0.0) if len(known) == len(waits) else None
