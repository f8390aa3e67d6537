"""Faults on the real adapters, over moto: a few here, a larger sample in `make faults`."""

import random
from collections.abc import Iterator

import pytest

from tests.contract.tables import Tables
from tests.faults.draft_scripts import buy_through_a_draft
from tests.faults.fault_injector import Kind
from tests.faults.money_scripts import paid_twice
from tests.faults.on_aws.runs import Moto, moto
from tests.faults.on_aws.wire_faults import faults_on_the_wire
from tests.faults.runs import Run, run, second_faults, single_faults
from tests.faults.scripts import SCRIPTS, Script
from tests.faults.stamp_scripts import (
    refund_what_is_reserved,
    request_before_payment,
    stamp_several_on_one_document,
)
from tests.unit.steps.message_pump import Crash

SOME = (
    buy_through_a_draft,
    paid_twice,
    refund_what_is_reserved,
    request_before_payment,
    stamp_several_on_one_document,
)
POINTS = 6
PAIRS = 2


@pytest.fixture(scope="module")
def aws() -> Iterator[Moto]:
    with moto() as running:
        yield running


@pytest.mark.parametrize(("moment", "n"), [("before", "1"), ("after", "2")])
def test_a_crash_is_on_the_planned_side_of_a_call(aws: Moto, moment: str, n: str) -> None:
    """A worker adds one, crashes, and adds one again. If it crashed after the call there are
    two. A hook on a longer event name would always crash before it."""
    orders = Tables(aws.clients.dynamodb, f"side-{moment}-").orders

    def add_one() -> None:
        aws.clients.dynamodb.update_item(
            TableName=orders,
            Key={"order_id": {"S": "n"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def crash(at: str, call: str) -> None:
        if at == moment:
            raise Crash(call)

    with faults_on_the_wire(aws.clients, crash), pytest.raises(Crash):
        add_one()
    add_one()
    item = aws.observers.dynamodb.get_item(TableName=orders, Key={"order_id": {"S": "n"}})
    assert item["Item"]["n"]["N"] == n


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_a_script_without_faults_breaks_no_invariant_on_aws(aws: Moto, script: Script) -> None:
    """And does there what it does in memory."""
    there, here = aws.run(script), run(script)
    assert there.wrong == ()
    assert _done(there) == _done(here)


@pytest.mark.parametrize("script", SOME, ids=lambda script: script.__name__)
def test_a_crash_or_a_lost_connection_to_aws_breaks_no_invariant(aws: Moto, script: Script) -> None:
    chance, wrong = random.Random(script.__name__), {}
    plans = chance.sample(list(single_faults(aws.run(script).calls)), POINTS)
    for first in list(plans[:PAIRS]):
        seconds = list(second_faults(first, aws.run(script, first).calls))
        plans.append(chance.choice(seconds or [first]))
    for plan in plans:
        if found := aws.run(script, plan).wrong:
            wrong[str(plan)] = found
    assert wrong == {}


def test_botocore_repeats_a_request_whose_response_is_lost(aws: Moto) -> None:
    """The second request finds the result of the first."""
    calls = aws.run(request_before_payment).calls
    first_write = calls.index("dynamodb.PutItem")
    again = aws.run(request_before_payment, {(first_write, "after"): Kind.LOST_CONNECTION})
    assert again.calls.count("dynamodb.PutItem") == calls.count("dynamodb.PutItem") + 1
    assert again.wrong == ()


def _done(run: Run) -> tuple[list[str], int]:
    """What was refused, and how many signatures were made."""
    return [one.code for one in run.harness.refusals], len(run.harness.state.signed)
