"""A hostile document costs at most 5 s of one processor to stamp and 8 s to verify, and 512 MB, and
gets an answer.

The limits are enforced (see `meterai.pdf.sandbox`), so the machine's speed does not matter.
"""

import ctypes
import json
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from meterai.domain.errors import DocumentDamaged, DocumentTooComplex, MeteraiError
from meterai.pdf.sandbox import CPU_SECONDS, ResourceBudget, Sandbox, run_sandboxed
from meterai.pdf.verification.changes.drawn import CPU_SECONDS as DRAWING_SECONDS
from meterai.pdf.verification.changes.judge import STRUCTURE_READINGS
from meterai.pdf.verification.stamp_reader import VERIFICATION_READINGS
from meterai.steps.verify import MAX_COMPARISONS
from tests.fixtures.documents.hostile import HOSTILE
from tests.integration.pdf.hostile_costs import Cost
from tests.integration.template.declared import functions

MAX_CPU_SECONDS = 5.0
MAX_VERIFICATION_CPU_SECONDS = 8.0
"""For its signatures, and for the QR codes on its pages."""
MAX_MEMORY_MIB = 512
ANSWERS = {"stamped", "document_damaged", "document_ambiguous", "document_too_complex"}
VERDICTS = {"not_stamped", "unreadable"}
PARENT_SECONDS = 5.0
"""Of a verification, for all that is not in a sandbox."""
ROOT = Path(__file__).parents[3]


Costs = dict[str, Cost]


@pytest.fixture(scope="module")
def measured() -> list[Cost]:
    command = [sys.executable, "-m", "tests.integration.pdf.hostile_costs"]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return [Cost(*row) for row in map(json.loads, run.stdout.splitlines())]


@pytest.fixture(scope="module")
def costs(measured: list[Cost]) -> Costs:
    """Of stamping, by document."""
    return {cost.name: cost for cost in measured if cost.work == "stamp"}


@pytest.fixture(scope="module")
def verification_costs(measured: list[Cost]) -> Costs:
    return {cost.name: cost for cost in measured if cost.work == "verify"}


def test_every_hostile_document_has_an_answer(costs: Costs) -> None:
    assert {name: cost.answer for name, cost in costs.items() if cost.answer not in ANSWERS} == {}
    assert costs.keys() == HOSTILE.keys()


def test_no_hostile_document_exceeds_the_limits(costs: Costs) -> None:
    assert _too_much(costs, MAX_CPU_SECONDS) == []


def _too_much(costs: Costs, max_cpu_seconds: float) -> list[Cost]:
    return [
        cost
        for cost in costs.values()
        if cost.cpu_seconds > max_cpu_seconds or cost.memory_mib > MAX_MEMORY_MIB
    ]


def test_every_hostile_document_has_a_verdict_within_the_limits(verification_costs: Costs) -> None:
    costs = verification_costs
    assert {name: cost.answer for name, cost in costs.items() if cost.answer not in VERDICTS} == {}
    assert costs.keys() == HOSTILE.keys()
    assert _too_much(costs, MAX_VERIFICATION_CPU_SECONDS) == []


def test_all_budgets_of_one_verification_together_fit_the_time_of_its_function() -> None:
    reading = ResourceBudget(VERIFICATION_READINGS).cpu_seconds_left
    comparison = ResourceBudget(STRUCTURE_READINGS).cpu_seconds_left + DRAWING_SECONDS
    longest = max(reading + CPU_SECONDS, reading + MAX_COMPARISONS * comparison)
    assert longest + PARENT_SECONDS <= functions()["verify"].timeout_s


def test_bombs_are_too_complex(costs: Costs) -> None:
    bombs = [name for name in HOSTILE if name.startswith(("a bomb in", "bombs", "text without"))]
    assert {costs[name].answer for name in bombs} == {"document_too_complex"}


def _spin() -> None:
    while True:
        pass


def _fill_memory() -> None:
    filled = []
    while True:
        filled.append(bytearray(1_000_000))


def _crash() -> None:
    ctypes.string_at(0)


def _recurse() -> None:
    _recurse()


def _raise_key_error() -> None:
    raise KeyError("Kids")


@pytest.mark.parametrize(
    ("act", "refusal", "cause"),
    [
        (_spin, DocumentTooComplex, "time"),
        (_fill_memory, DocumentTooComplex, "memory"),
        (_crash, DocumentTooComplex, "memory"),
        (_recurse, DocumentDamaged, "RecursionError"),
        (_raise_key_error, DocumentDamaged, "KeyError"),
    ],
)
def test_loops_crashes_and_errors_stay_in_the_sandbox(
    act: Callable[[], None], refusal: type[MeteraiError], cause: str
) -> None:
    with pytest.raises(refusal) as refused:
        run_sandboxed(act)
    assert refused.value.values == {"cause": cause}


def test_all_children_of_one_document_share_the_budget() -> None:
    """The timer that ends a child and the count of what it used are two clocks of the kernel, so
    that something may be left."""
    budget, used = ResourceBudget(), _used_by_children()
    budget.cpu_seconds_left = 0.3
    with pytest.raises(DocumentTooComplex):
        run_sandboxed(_spin, budget)
    assert budget.cpu_seconds_left == pytest.approx(0.3 - (_used_by_children() - used), abs=0.001)
    with pytest.raises(DocumentTooComplex):
        run_sandboxed(_spin, budget)
    assert budget.cpu_seconds_left == pytest.approx(0.3 - (_used_by_children() - used), abs=0.001)


def _used_by_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_a_closed_sandbox_ends_its_child() -> None:
    child = Sandbox[list[int]](list, ResourceBudget())
    assert child.ask(len) == 0
    child.close()
    with pytest.raises((DocumentTooComplex, OSError)):
        child.ask(len)
