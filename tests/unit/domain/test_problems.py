"""Every problem that a client can receive has its sentence, and its error provides the values in
it."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

import meterai
from meterai.domain import errors
from meterai.domain.errors import MeteraiError
from meterai.domain.orders.orders import OrderState
from meterai.domain.refunds.refunds import RefundState
from meterai.languages import Language
from meterai.problems import PROBLEMS, Problem
from meterai.problems.problem import STATES

PACKAGE = Path(meterai.__file__).parent

# Never sent to a client: these are handled inside, or stop a worker or the start.
INSIDE = {
    errors.ChargeExists,
    errors.SignatureMismatch,
    errors.AddressTooLong,
    errors.PayoutRefused,
    errors.RecordsMissing,
    errors.CiphertextInvalid,
    errors.SigningKeyUnusable,
}


def concrete(cls: type[MeteraiError] = MeteraiError) -> Iterator[type[MeteraiError]]:
    for child in cls.__subclasses__():
        if child.__module__ == errors.__name__:
            if "code" in vars(child):
                yield child
            yield from concrete(child)


def placeholders(problem: Problem) -> set[str]:
    texts = (problem.detail.en, problem.detail.id)
    return {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}


def raises() -> Iterator[tuple[str, type[MeteraiError], set[str]]]:
    """Where each error is raised: its place, its class and the names of its values."""
    classes = {cls.__name__: cls for cls in concrete()}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            match node:
                case ast.Call(func=ast.Name(id=name), keywords=keywords) if name in classes:
                    given = {keyword.arg for keyword in keywords if keyword.arg}
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", classes[name], given
                case ast.Raise(exc=ast.Name(id=name)) if name in classes:
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", classes[name], set()


def codes_as_text() -> set[str]:
    """Codes that appear as text somewhere in the package: sent without an error of the domain."""
    found: set[str] = set()
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "problems" and path.name != "errors.py":
            nodes = ast.walk(ast.parse(path.read_text()))
            found |= {str(node.value) for node in nodes if isinstance(node, ast.Constant)}
    return found & set(PROBLEMS)


def test_every_error_has_its_own_code() -> None:
    codes = [cls.code for cls in concrete()]
    assert len(codes) == len(set(codes)) > 25


def test_every_error_that_a_client_can_meet_has_a_problem_and_no_problem_is_unused() -> None:
    codes = {cls.code for cls in concrete() if cls not in INSIDE}
    assert codes - set(PROBLEMS) == set()
    assert set(PROBLEMS) - codes - codes_as_text() == set()


def test_every_raise_provides_the_values_that_its_sentence_shows() -> None:
    missing = {
        place: placeholders(PROBLEMS[cls.code]) - given
        for place, cls, given in raises()
        if cls.code in PROBLEMS and not placeholders(PROBLEMS[cls.code]) <= given
    }
    assert missing == {}


def test_both_languages_show_the_same_values() -> None:
    for code, problem in PROBLEMS.items():
        english = [name for _, name, _, _ in Formatter().parse(problem.detail.en) if name]
        indonesian = [name for _, name, _, _ in Formatter().parse(problem.detail.id) if name]
        assert sorted(english) == sorted(indonesian), code


@pytest.mark.parametrize(
    ("language", "title", "detail"),
    [
        (
            Language.INDONESIAN,
            "E-meterai tidak cukup",
            "Anda meminta 2.000 e-meterai; yang belum terpakai di pesanan ini 1.",
        ),
        (
            Language.ENGLISH,
            "Not enough e-meterai",
            "You asked for 2,000 e-meterai; this order has 1 left.",
        ),
    ],
)
def test_a_problem_is_written_in_one_language_beside_its_values(
    language: Language, title: str, detail: str
) -> None:
    values = {"order_id": "o", "wanted": 2_000, "available": 1}
    assert PROBLEMS["no_balance"].body("no_balance", values, language) == {
        "type": "urn:meterai:problem:no_balance",
        "code": "no_balance",
        "title": title,
        "status": 409,
        "detail": detail,
        **values,
    }


def test_times_are_written_in_local_time() -> None:
    values = {"portal": "sscasn", "deadline_at": "2026-09-10T16:59:59+00:00"}
    sentences = [PROBLEMS["deadline_past"].sentence(values, one) for one in Language]
    assert "adalah 10 September 2026, 23.59 WIB dan" in sentences[0]
    assert "was 10 September 2026, 23:59 WIB;" in sentences[1]


def test_every_state_has_words() -> None:
    assert set(STATES) == {*OrderState, *RefundState}
