"""If a step that was broken on purpose is not caught, the runs prove nothing."""

import pytest

from tests.faults.invariants import AFTER_QUIET
from tests.faults.runs import Plan, run, single_accidents
from tests.faults.seeded_bugs import CANARIES
from tests.faults.use_cases import UseCase
from tests.faults.watch import AT_EACH_CALL


@pytest.mark.parametrize("broken", CANARIES)
def test_a_step_broken_on_purpose_is_caught(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    canary = CANARIES[broken]
    monkeypatch.setattr(canary.place, canary.broken)
    assert any(
        wrong.startswith(f"{canary.rule}: ") and canary.complaint in wrong
        for wrong in first_wrong(canary.story)
    )


def test_every_invariant_has_a_step_that_breaks_it() -> None:
    known = {rule.__name__ for rule in AFTER_QUIET} | AT_EACH_CALL
    assert {canary.rule for canary in CANARIES.values()} == known


def first_wrong(story: UseCase) -> tuple[str, ...]:
    """What is found in the first run of this story that goes wrong."""
    plans: list[Plan] = [{}, *single_accidents(run(story).calls)]
    runs = (run(story, plan).wrong for plan in plans)
    return next((wrong for wrong in runs if wrong), ())
