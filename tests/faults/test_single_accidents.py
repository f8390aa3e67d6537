"""Every use case with one crash or one lost connection, before or after each of its port calls."""

import pytest

from tests.faults.runs import Run, run, single_accidents
from tests.faults.use_cases import USE_CASES, UseCase

BY_NAME = pytest.mark.parametrize("use_case", USE_CASES, ids=lambda story: story.__name__)


@BY_NAME
def test_nothing_goes_wrong_by_itself(use_case: UseCase) -> None:
    assert run(use_case).wrong == ()


@BY_NAME
def test_nothing_goes_wrong_when_every_message_comes_twice(use_case: UseCase) -> None:
    once, twice = run(use_case), run(use_case, twice=True)
    assert twice.wrong == ()
    assert _outcome(twice) == _outcome(once)


@BY_NAME
@pytest.mark.parametrize("patient", [True, False], ids=["patient", "gone"])
def test_one_accident_costs_nobody_anything(
    use_case: UseCase, *, patient: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gone`: the buyer does not try again."""
    calls = run(use_case).calls
    wrong = {}
    count = 0
    for plan in single_accidents(len(calls)):
        count += 1
        if found := run(use_case, plan, patient=patient).wrong:
            [((call, moment), kind)] = plan.items()
            wrong[f"{kind} {moment} {calls[call]} ({call})"] = found
    with capsys.disabled():
        print(f"\n{use_case.__name__}: {len(calls)} calls, {count} accidents", end=" ")  # noqa: T201
    assert wrong == {}


def _outcome(told: Run) -> list[tuple[object, ...]]:
    """What each order came to, without times."""
    world = told.town.world
    return [
        *((order.state, order.slots) for order in world.orders.values()),
        *((one.state, one.void_reason) for one in world.serials.values()),
        *((refund.state, refund.amount_idr) for refund in world.refunds.values()),
        *((charge.state, tuple(charge.refunds)) for charge in world.charges.values()),
    ]
