"""`make mutants` takes minutes: that it can start, and how it judges, is tested here."""

import re
import tomllib

import libcst
from libcst.metadata import MetadataWrapper
from mutmut.mutation.pragma_handling import PragmaVisitor

from tests.mutants.__main__ import CONFIG, COPIED
from tests.mutants.left_out import MUTATED, PACKAGE, left_out
from tests.mutants.outcome import ROOT, Mutant, Outcome, _function


def test_its_configuration_can_be_read_and_its_files_are_there() -> None:
    settings = tomllib.loads(CONFIG)["tool"]["mutmut"]
    assert [name for name in COPIED if not (ROOT / name).exists()] == []
    tests = settings["pytest_add_cli_args_test_selection"]
    assert [name for name in tests if not (ROOT / name).exists()] == []


def test_every_pragma_says_why_the_mutant_may_live() -> None:
    sources = [
        path.read_text(encoding="utf-8")
        for folder in MUTATED
        for path in (PACKAGE / folder).rglob("*.py")
    ]
    pragmas = [found for text in sources for found in re.findall("# pragma: no mutate.*", text)]
    bare = [one for one in pragmas if not re.search(r"mutate(?:: | start, )\w+|mutate end$", one)]
    assert (len(pragmas) > 0, bare) == (True, [])


def test_mutmut_can_read_every_pragma() -> None:
    for folder in MUTATED:
        for path in (PACKAGE / folder).rglob("*.py"):
            tree = libcst.parse_module(path.read_text(encoding="utf-8"))
            MetadataWrapper(tree).visit(PragmaVisitor(str(path)))  # raises where it cannot


def test_a_survivor_or_a_mutant_without_a_test_fails_the_run() -> None:
    killed = [Mutant("a", "killed", "domain.x"), Mutant("b", "timed out", "domain.x")]
    lived = [Mutant("c", "survived", "domain.x"), Mutant("d", "without a test", "domain.x")]
    outcome = Outcome((*killed, *lived))
    assert (outcome.killed, outcome.rate, outcome.is_good) == (2, 0.5, False)
    assert [one.name for one in outcome.survivors] == ["c", "d"]
    assert Outcome(tuple(killed)).is_good


def test_a_mutants_function_is_named_as_the_code_names_it() -> None:
    name = "meterai.domain.orders.orders.x\u01c1Order\u01c1taken__mutmut_3"
    assert _function(name) == "domain.orders.orders.Order.taken"
    assert _function("meterai.steps.stamp.x__finish__mutmut_19") == "steps.stamp._finish"


def test_what_is_left_out_is_counted() -> None:
    assert all(int(what.split()[0]) > 0 for what in left_out())
