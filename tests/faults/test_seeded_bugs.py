"""Proof that the runs find bugs: the named invariant finds each seeded bug."""

import pytest

from tests.faults.invariants import WHEN_IDLE
from tests.faults.monitor import CHECKED_AT_EACH_CALL
from tests.faults.runs import Plan, run, single_faults
from tests.faults.scripts import Script
from tests.faults.seeded_bugs import SEEDED_BUGS


@pytest.mark.parametrize("broken", SEEDED_BUGS)
def test_a_seeded_bug_is_found_by_its_invariant(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bug = SEEDED_BUGS[broken]
    monkeypatch.setattr(bug.target, bug.broken)
    assert any(
        wrong.startswith(f"{bug.rule}: ") and bug.finding in wrong
        for wrong in first_wrong(bug.script)
    )


def test_every_invariant_finds_a_seeded_bug() -> None:
    known = {rule.__name__ for rule in WHEN_IDLE} | CHECKED_AT_EACH_CALL
    assert {bug.rule for bug in SEEDED_BUGS.values()} == known


def first_wrong(script: Script) -> tuple[str, ...]:
    """The findings of the first run of this script that goes wrong."""
    plans: list[Plan] = [{}, *single_faults(run(script).calls)]
    runs = (run(script, plan).wrong for plan in plans)
    return next((wrong for wrong in runs if wrong), ())
