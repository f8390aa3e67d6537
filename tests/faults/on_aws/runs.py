"""One run of a script on moto, with its faults."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from tests.contract.backends import Clients
from tests.contract.endpoints import clients_at, moto_running
from tests.faults.on_aws.aws_harness import aws_harness
from tests.faults.on_aws.wire_faults import faults_on_the_wire
from tests.faults.runs import Plan, Run
from tests.faults.scripts import Script


@dataclass(frozen=True)
class Moto:
    """`clients`: those whose requests get faults. `observers`: those that only read the outcome."""

    clients: Clients
    observers: Clients

    def run(self, script: Script, plan: Plan | None = None) -> Run:
        harness = aws_harness(self.clients, self.observers, plan)
        with faults_on_the_wire(self.clients, harness.injector):
            wrong = harness.outcome(script)
        return Run(tuple(harness.injector.calls), tuple(wrong), harness)


@contextmanager
def moto() -> Iterator[Moto]:
    """The timer index has one shard here instead of sixteen, whose queries are all alike."""
    with (
        patch("meterai.aws.tables.timer_index.TIMER_SHARDS", 1),
        patch("meterai.domain.timers.TIMER_SHARDS", 1),
        moto_running() as clients,
    ):
        yield Moto(clients, clients_at(None))
