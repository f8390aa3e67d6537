"""Every use case with one crash or one lost connection, before or after each of its port calls."""

import pytest

from tests.faults.runs import Run, lost_messages, run, single_accidents, wrong_of
from tests.faults.use_cases import LOSABLE, USE_CASES, UseCase

BY_NAME = pytest.mark.parametrize("use_case", USE_CASES, ids=lambda story: story.__name__)


@BY_NAME
def test_nothing_goes_wrong_by_itself(use_case: UseCase) -> None:
    assert run(use_case).wrong == ()


@BY_NAME
def test_when_every_message_comes_twice_it_ends_the_same(use_case: UseCase) -> None:
    once, twice = run(use_case), run(use_case, twice=True)
    assert twice.wrong == ()
    assert _outcome(twice) == _outcome(once)


@BY_NAME
@pytest.mark.parametrize("patient", [True, False], ids=["patient", "gone"])
def test_a_crash_or_a_lost_connection_costs_nobody_anything(
    use_case: UseCase, *, patient: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """`gone`: the buyer does not try again."""
    calls = run(use_case).calls
    count, wrong = wrong_of(use_case, single_accidents(calls), patient=patient)
    with capsys.disabled():
        print(f"\n{use_case.__name__}: {len(calls)} calls, {count} accidents", end=" ")
    assert wrong == {}
    assert count == 4 * len(calls)


@pytest.mark.parametrize("use_case", LOSABLE, ids=lambda story: story.__name__)
def test_a_lost_message_costs_nobody_anything(
    use_case: UseCase, capsys: pytest.CaptureFixture[str]
) -> None:
    count, wrong = wrong_of(use_case, lost_messages(run(use_case).calls))
    with capsys.disabled():
        print(f"\n{use_case.__name__}: {count} lost messages", end=" ")
    assert wrong == {}


def _outcome(told: Run) -> list[tuple[object, ...]]:
    """What each order came to, without times."""
    state = told.town.state
    return [
        *((order.state, order.slots) for order in state.orders.values()),
        *((one.state, one.void_reason) for one in state.serials.values()),
        *((refund.state, refund.amount_idr) for refund in state.refunds.values()),
        *((charge.state, tuple(charge.refunds)) for charge in state.charges.values()),
    ]
