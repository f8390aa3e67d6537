"""One run of a story on AWS, with its accidents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from tests.contract.backends import Clients
from tests.contract.endpoints import clients_at, moto_running
from tests.faults.on_aws.town import aws_town
from tests.faults.on_aws.wire import watched
from tests.faults.runs import Plan, Run
from tests.faults.use_cases import UseCase


@dataclass(frozen=True)
class Moto:
    """`office`: the clients to whom accidents happen. `lookers`: who only looks."""

    app: Clients
    lookers: Clients

    def run(self, use_case: UseCase, plan: Plan | None = None) -> Run:
        town = aws_town(self.app, self.lookers, plan)
        with watched(self.app, town.accidents):
            wrong = town.outcome(use_case)
        return Run(tuple(town.accidents.calls), tuple(wrong), town)


@contextmanager
def moto() -> Iterator[Moto]:
    """The index of what is due has one shard here, not sixteen: their queries are all alike."""
    with (
        patch("meterai.aws.tables.timer_index.TIMER_SHARDS", 1),
        patch("meterai.domain.timers.TIMER_SHARDS", 1),
        moto_running() as app,
    ):
        yield Moto(app, clients_at(None))
