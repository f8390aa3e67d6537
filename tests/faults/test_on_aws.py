"""Crashes on the real adapters, over moto: a few here, as many as time allows in `make faults`."""

import random
from collections.abc import Iterator

import pytest

from tests.contract.tables import Tables
from tests.faults.fault_injector import Kind
from tests.faults.money_scripts import paid_twice
from tests.faults.on_aws.runs import Moto, moto
from tests.faults.on_aws.wire import watched
from tests.faults.runs import recoveries, single_accidents
from tests.faults.stamp_scripts import (
    refund_what_is_reserved,
    request_before_payment,
    stamp_several_on_one_document,
)
from tests.faults.use_cases import USE_CASES, UseCase
from tests.unit.steps.message_pump import Crash

SOME = (paid_twice, refund_what_is_reserved, request_before_payment, stamp_several_on_one_document)
POINTS = 6
PAIRS = 2


@pytest.fixture(scope="module")
def aws() -> Iterator[Moto]:
    with moto() as running:
        yield running


@pytest.mark.parametrize(("moment", "n"), [("before", "1"), ("after", "2")])
def test_a_crash_after_a_call_is_after_it(aws: Moto, moment: str, n: str) -> None:
    """The canary: one is added, the worker crashes, and adds one again. If it crashed after the
    call, there are two; a hook on a longer event name would crash before it."""
    orders = Tables(aws.app.dynamodb, f"canary-{moment}-").orders

    def add_one() -> None:
        aws.app.dynamodb.update_item(
            TableName=orders,
            Key={"order_id": {"S": "n"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    def crash(at: str, call: str) -> None:
        if at == moment:
            raise Crash(call)

    with watched(aws.app, crash), pytest.raises(Crash):
        add_one()
    add_one()
    item = aws.lookers.dynamodb.get_item(TableName=orders, Key={"order_id": {"S": "n"}})
    assert item["Item"]["n"]["N"] == n


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda story: story.__name__)
def test_a_story_ends_on_aws_as_it_does_in_memory(aws: Moto, use_case: UseCase) -> None:
    assert aws.run(use_case).wrong == ()


@pytest.mark.parametrize("use_case", SOME, ids=lambda story: story.__name__)
def test_a_crash_or_a_lost_connection_to_aws_costs_nobody_anything(
    aws: Moto, use_case: UseCase
) -> None:
    chance, wrong = random.Random(use_case.__name__), {}
    plans = chance.sample(list(single_accidents(aws.run(use_case).calls)), POINTS)
    for first in list(plans[:PAIRS]):
        seconds = list(recoveries(first, aws.run(use_case, first).calls))
        plans.append(chance.choice(seconds or [first]))
    for plan in plans:
        if found := aws.run(use_case, plan).wrong:
            wrong[str(plan)] = found
    assert wrong == {}


def test_a_lost_answer_is_asked_for_again_by_botocore(aws: Moto) -> None:
    """The second request meets what the first has done."""
    calls = aws.run(request_before_payment).calls
    first_write = calls.index("dynamodb.PutItem")
    again = aws.run(request_before_payment, {(first_write, "after"): Kind.LOSS})
    assert again.calls.count("dynamodb.PutItem") == calls.count("dynamodb.PutItem") + 1
    assert again.wrong == ()
