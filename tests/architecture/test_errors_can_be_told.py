"""Every error that a client can receive has its sentences, and is raised with the values in
them."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

from meterai.domain.errors import MeteraiError
from meterai.entrypoints.edge import NotThroughEdge
from meterai.entrypoints.request_body import BodyMalformed
from meterai.problems import PROBLEMS
from tests.architecture.tree import PACKAGE, ROOT, name, parsed, python_files

# For operators: the client only gets an internal error.
NOT_TOLD = {
    "public_address_too_long",
    "signature_mismatch",
    "charge_exists",
    "signing_key_unusable",
    "payout_refused",
    "records_missing",
    "ciphertext_invalid",
}
MEMBERS = {"type", "code", "title", "status", "detail", "errors", "request_id"}
# Errors of the HTTP entrypoint itself, which have no class.
OF_THE_EDGE = {
    "internal_error",
    "invalid_request",
    "idempotency_key_malformed",
    "idempotency_key_missing",
    "method_not_allowed",
    "not_found",
}


def test_every_error_has_sentences_or_is_internal() -> None:
    classes = {error.code for error in _classes().values()}
    assert classes - set(PROBLEMS) == NOT_TOLD, "give it sentences in meterai.problems"
    assert set(PROBLEMS) - classes <= OF_THE_EDGE, "nothing raises it: remove its sentences"


def test_both_languages_use_the_same_values() -> None:
    unequal = [
        code
        for code, problem in PROBLEMS.items()
        if _values(problem.detail.en) != _values(problem.detail.id)
    ]
    assert not unequal, f"one of the two sentences of {unequal} lacks a value"


def test_an_error_is_raised_with_the_values_of_its_sentence() -> None:
    wrong = [
        f"{name(path)}:{line}: {error.code} lacks {sorted(lacking)}, may not bring {sorted(taken)}"
        for path in (*python_files(PACKAGE), *python_files(ROOT / "tests/fakes"))
        for line, error, brought in _raised(path)
        if (lacking := _wanted(error) - brought) | (taken := brought & MEMBERS)
    ]
    assert not wrong, f"the answer could not be written: {wrong}"


def _raised(path: Path) -> Iterator[tuple[int, type[MeteraiError], set[str]]]:
    """Where an error is made, which one, and with which values."""
    for node in ast.walk(parsed(path)):
        raised = node.exc if isinstance(node, ast.Raise) else None
        call = raised if isinstance(raised, ast.Call) else None
        maker = call.func if call else raised
        if isinstance(maker, ast.Name) and maker.id in _classes():
            keywords = {one.arg for one in call.keywords if one.arg} if call else set[str]()
            yield getattr(node, "lineno", 0), _classes()[maker.id], keywords


def _wanted(error: type[MeteraiError]) -> set[str]:
    """Problems with status 5xx have no values: those are internal."""
    known = PROBLEMS.get(error.code)
    return _values(known.detail.en) if known and known.status < 500 else set()


def _values(sentence: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(sentence) if field}


def _classes() -> dict[str, type[MeteraiError]]:
    """All errors with a code; those of the HTTP entrypoint exist because it is imported above."""
    found = {error.__name__: error for error in _below(MeteraiError) if "code" in vars(error)}
    assert {BodyMalformed.__name__, NotThroughEdge.__name__} <= set(found)
    return found


def _below(error: type[MeteraiError]) -> Iterator[type[MeteraiError]]:
    for child in error.__subclasses__():
        yield child
        yield from _below(child)
