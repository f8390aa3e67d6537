"""The verification benchmark measures what it says. Its times are printed, and never asserted."""

from collections.abc import Iterator

import pytest

from meterai.domain.stamping.verdicts import VerificationResult
from tests.benchmarks.verification import QUICK, issued_files, libraries_on_record, measure
from tests.benchmarks.verification_methods import METHODS, Issued


@pytest.fixture(scope="module")
def files() -> Iterator[dict[str, Issued]]:
    with issued_files(QUICK) as made:
        yield made


def verdict(method: str, issued: Issued) -> tuple[str, int]:
    """And how many e-meterai are proven."""
    result = METHODS[method](issued)
    assert isinstance(result, VerificationResult)
    return result.verdict.value, result.proven


def test_every_way_finds_the_same_files_in_order(files: dict[str, Issued]) -> None:
    found = {name: (verdict("on_record", one), verdict("full", one)) for name, one in files.items()}
    assert found == {
        "letter": (("genuine", 1), ("extended", 1)),
        "letter, ten e-meterai": (("genuine", 10), ("extended", 10)),
        "letter, signed later": (("extended", 1), ("extended", 1)),
    }
    counts = {name: METHODS["pyhanko"](one) for name, one in files.items()}
    assert counts["letter, ten e-meterai"] == [True] * 10
    reading = METHODS["reading"](files["letter, signed later"])
    assert isinstance(reading, list)
    assert [one.trusted for one in reading] == [True, False]


def test_a_file_on_record_is_genuine_without_any_library_for_pdfs(files: dict[str, Issued]) -> None:
    assert libraries_on_record(files["letter"]) == ("genuine", 0)


def test_there_is_a_row_for_each_file_and_way(files: dict[str, Issued]) -> None:
    letter = {"letter": files["letter"]}
    rows = measure(letter, ("hash", "on_record", "full", "pyhanko"), rounds=1)
    assert [row.method for row in rows] == ["hash", "on_record", "full", "pyhanko"]
    assert [row.promised_ms is not None for row in rows] == [False, True, True, False]
