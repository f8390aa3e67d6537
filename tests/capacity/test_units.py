"""The simulation uses the units that `make bench` meters."""

import pytest

from tests.architecture.tree import ROOT
from tests.benchmarks.test_calls import WRITE_UNITS_ALL_IN
from tests.capacity import units
from tests.capacity.advice import writes_of_a_person
from tests.capacity.curve import STAMPS_A_PERSON
from tests.capacity.sizes import declared
from tests.local.template import read_template


@pytest.mark.parametrize(
    ("step", "writes"),
    [(units.PURCHASE, 4), (units.CONFIRM, 4), (units.REQUEST, 5), (units.STAMP, 3)],
)
def test_a_step_writes_as_many_units_as_were_metered(step: units.Step, writes: int) -> None:
    assert sum(step.writes.values()) == writes


def test_a_stamp_all_in_writes_as_many_units_as_were_metered() -> None:
    assert sum(writes_of_a_person().values()) / STAMPS_A_PERSON == WRITE_UNITS_ALL_IN


def test_the_tables_are_those_of_the_template() -> None:
    resources = read_template(ROOT / "template.yaml").resources
    declared_there = set()
    for name, resource in resources.items():
        if resource.type == "AWS::DynamoDB::Table":
            indexes = resource.properties.get("GlobalSecondaryIndexes", [])
            table = name.removesuffix("Table")
            declared_there |= {table} | {f"{table}/{one['IndexName']}" for one in indexes}
    assert set(units.TABLES) <= declared_there


def test_the_sizes_are_read_from_the_template() -> None:
    size, template = declared(), read_template(ROOT / "template.yaml")
    assert size.concurrency["Stamp"] == template.parameters["StampingConcurrency"]["Default"]
    assert size.limits.api_requests == template.parameters["ApiRequestsPerSecond"]["Default"]
    assert size.lanes["Stamp"].max_workers <= size.concurrency["Stamp"]
    assert size.reserved <= size.limits.account_concurrency - 100  # Lambda requires as many
