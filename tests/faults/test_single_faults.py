"""Every script with one crash, lost connection or lost message, at each of its port calls."""

import pytest

from tests.faults.runs import Run, lost_messages, run, single_faults, wrong_of
from tests.faults.scripts import SCRIPTS, SCRIPTS_WITH_LOSABLE_MESSAGES, Script

EACH_SCRIPT = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)


@EACH_SCRIPT
def test_a_script_without_faults_breaks_no_invariant(script: Script) -> None:
    assert run(script).wrong == ()


@EACH_SCRIPT
def test_delivering_every_message_twice_ends_the_same(script: Script) -> None:
    once, twice = run(script), run(script, twice=True)
    assert twice.wrong == ()
    assert _outcome(twice) == _outcome(once)


@EACH_SCRIPT
@pytest.mark.parametrize("retries", [True, False], ids=["retries", "gives_up"])
def test_a_crash_or_a_lost_connection_breaks_no_invariant(script: Script, *, retries: bool) -> None:
    """`gives_up`: the buyer does not retry."""
    assert wrong_of(script, single_faults(run(script).calls), retries=retries) == {}


@pytest.mark.parametrize(
    "script", SCRIPTS_WITH_LOSABLE_MESSAGES, ids=lambda script: script.__name__
)
def test_a_lost_message_breaks_no_invariant(script: Script) -> None:
    assert wrong_of(script, lost_messages(run(script).calls)) == {}


def _outcome(finished: Run) -> list[tuple[object, ...]]:
    """The final state of each item, without times."""
    state = finished.harness.state
    return [
        *((order.state, order.slots) for order in state.orders.values()),
        *((one.state, one.void_reason) for one in state.serials.values()),
        *((refund.state, refund.amount_idr) for refund in state.refunds.values()),
        *((charge.state, tuple(charge.refunds)) for charge in state.charges.values()),
    ]
