"""One run of a story on AWS, with its accidents."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from unittest.mock import patch

from tests.contract.endpoints import clients_at, moto_running
from tests.contract.places import Clients
from tests.faults.on_aws.town import aws_town
from tests.faults.on_aws.wire import watched
from tests.faults.runs import Plan, Run
from tests.faults.use_cases import UseCase


@dataclass(frozen=True)
class Moto:
    """`office`: the clients to whom accidents happen. `lookers`: who only looks."""

    office: Clients
    lookers: Clients

    def run(self, use_case: UseCase, plan: Plan | None = None) -> Run:
        town = aws_town(self.office, self.lookers, plan)
        with watched(self.office, town.accidents):
            wrong = town.outcome(use_case)
        return Run(tuple(town.accidents.calls), tuple(wrong), town)


@contextmanager
def moto() -> Iterator[Moto]:
    """The index of what is due has one shard here, not sixteen: their queries are all alike."""
    with (
        patch("meterai.aws.clocks.DUE_SHARDS", 1),
        patch("meterai.domain.clocks.DUE_SHARDS", 1),
        moto_running() as office,
    ):
        yield Moto(office, clients_at(None))
