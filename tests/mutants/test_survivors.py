"""`make mutants` takes minutes: that it can start, and what it knows of survivors, is seen here."""

import tomllib

import pytest

from tests.mutants.__main__ import CONFIG, COPIED
from tests.mutants.left_out import PACKAGE, left_out
from tests.mutants.outcome import ROOT, WHY, Mutant, Outcome, _function


def test_its_configuration_can_be_read_and_its_files_are_there() -> None:
    settings = tomllib.loads(CONFIG)["tool"]["mutmut"]
    assert [name for name in COPIED if not (ROOT / name).exists()] == []
    tests = settings["pytest_add_cli_args_test_selection"]
    assert [name for name in tests if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(("function", "line"), sorted(WHY), ids=lambda text: text[:60])
def test_a_survivor_that_has_a_reason_is_still_there(function: str, line: str) -> None:
    """A line that changed is a mutant to be looked at anew: `make mutants` names it."""
    folder, module, *_ = function.split(".")
    lines = (PACKAGE / folder / f"{module}.py").read_text(encoding="utf-8").splitlines()
    assert line in {one.strip() for one in lines}


def test_a_rate_counts_those_without_a_test_and_a_reason_is_of_one_line() -> None:
    [(function, line), *_] = WHY
    told = Outcome(
        (
            Mutant("a", "killed", "domain.x"),
            Mutant("b", "timed out", "domain.x"),
            Mutant("c", "survived", function, line),
            Mutant("d", "without a test", function, "another line"),
        )
    )
    assert (told.killed, told.rate, told.is_good) == (2, 0.5, False)
    assert [one.name for one in told.survivors] == ["d", "c"]
    assert [one.name for one in told.unexplained] == ["d"]


def test_a_mutants_function_is_named_as_the_code_names_it() -> None:
    assert (
        _function("meterai.domain.orders.orders.xǁOrderǁtaken__mutmut_3")
        == "domain.orders.Order.taken"
    )
    assert _function("meterai.steps.stamp.x__finish__mutmut_19") == "steps.stamp._finish"


def test_what_is_left_out_is_counted() -> None:
    assert all(int(what.split()[0]) > 0 for what in left_out())
