"""Code that took over a sandboxed child tries to get out. The function around it is judged by the
template's tests (tests/integration/template/test_inspect.py)."""

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from meterai.domain.errors import DocumentDamaged, DocumentTooComplex
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.pdf import sandbox, sandbox_answers
from meterai.pdf.confinement import can_filter
from meterai.pdf.sandbox import run_sandboxed
from tests.integration.pdf.escape import SECRET

ROOT = Path(__file__).parents[3]
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these layers")
needs_filter = pytest.mark.skipif(not can_filter(), reason="seccomp does not work here")


@pytest.fixture(scope="module")
def attempts() -> dict[str, str]:
    command = [sys.executable, "-m", "tests.integration.pdf.escape"]
    environment = {**os.environ, SECRET: "a key of the function"}
    run = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    made: dict[str, str] = json.loads(run.stdout)
    return made


@linux
def test_a_child_finds_no_credentials(attempts: dict[str, str]) -> None:
    assert attempts["the environment"] == "{}"
    assert attempts["the environment that it began with"] in ("False", "PermissionError")
    assert attempts["the parent's environment"] == "PermissionError"
    assert attempts["the parent's memory"] == "PermissionError"


@linux
def test_a_child_has_none_of_its_parents_files(attempts: dict[str, str]) -> None:
    assert attempts["the parent's files"] == "OSError"


@linux
@needs_filter
def test_a_child_makes_no_connection_and_starts_no_program(attempts: dict[str, str]) -> None:
    assert attempts["filter"] == "True"
    assert attempts["a connection"] == attempts["a program"] == "PermissionError"


class _Runs:
    """What unpickling would run."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, ("made-by-an-answer",)


def _value(told: object) -> bytes:
    return sandbox_answers.VALUE + json.dumps(told).encode()


@pytest.mark.parametrize(
    "said",
    [
        b"",
        pickle.dumps(_Runs()),
        _value(["dataclass", "os:system", ["command", "true"]]),
        _value(["enum", "os:system", "true"]),
        _value(["dataclass", "tests.integration.pdf.test_escape:_Runs"]),
        _value(["dataclass", "meterai.pdf.sandbox:Sandbox", ["make", None], ["budget", None]]),
        _value(["dataclass", "meterai.pdf.nowhere:Facts"]),
        _value(["dataclass", "meterai.domain.stamping.preflight:DocumentFacts", ["page_count", 1]]),
        _value(["bytes", "not base64!"]),
        _value(["nothing", 1]),
        _value([]),
        _value({"page_count": 1}),
        sandbox_answers.VALUE + b"[" * 100_000,
        sandbox_answers.REFUSAL + b'["signature_mismatch", {}]',
        sandbox_answers.REFUSAL + b'["document_damaged"]',
    ],
)
def test_an_answer_runs_nothing_and_is_one_of_ours_or_none(
    said: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(DocumentDamaged):
        sandbox_answers.read(said)
    assert list(tmp_path.iterdir()) == []


def test_answers_and_refusals_come_back_as_they_were() -> None:
    facts = DocumentFacts(1, (), ("text",), (), signed=False, page_sizes_pt=((595.28, 841.89),))
    given = [facts, b"\0", None, 1, 2.5, "é", {"a": (1, [b"2"])}, frozenset({1})]
    assert run_sandboxed(lambda: given) == given
    for refusal in (one for one in sandbox_answers._refusals().values()):

        def refuse(kind: type[Exception] = refusal) -> None:
            raise kind(cause="x", number=1)  # type: ignore[call-arg]

        with pytest.raises(refusal) as raised:
            run_sandboxed(refuse)
        assert raised.value.values == {"cause": "x", "number": 1}


def test_an_answer_that_is_announced_larger_than_any_of_ours_is_the_documents_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sandbox, "MAX_ANSWER_BYTES", 1_000)  # no question is as long
    with pytest.raises(DocumentTooComplex):
        run_sandboxed(lambda: bytes(2_000))
