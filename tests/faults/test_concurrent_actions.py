"""Every script, with another actor acting between each two of its port calls."""

import pytest

from tests.faults.concurrent_actions import CONCURRENT_ACTIONS, ConcurrentAction
from tests.faults.runs import interruptions, run, wrong_of
from tests.faults.scripts import SCRIPTS, Script


@pytest.mark.parametrize("action", CONCURRENT_ACTIONS, ids=lambda action: action.__name__)
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.__name__)
def test_another_actor_between_two_calls_breaks_no_invariant(
    script: Script, action: ConcurrentAction
) -> None:
    plans = interruptions(run(script).calls)
    assert wrong_of(script, plans, concurrent_action=action) == {}
