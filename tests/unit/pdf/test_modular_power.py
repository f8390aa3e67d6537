"""The check of a signature computes what Python's own arithmetic does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.pdf.signing import modular_power
from meterai.pdf.signing.modular_power import raised

MODULUS = (1 << 2047) + (1 << 1000) + 1


@given(base=st.integers(0, MODULUS - 1), exponent=st.sampled_from((3, 17, 65_537)))
def test_the_library_computes_what_python_does(base: int, exponent: int) -> None:
    answer = raised(base.to_bytes(256, "big"), exponent, MODULUS)
    assert int.from_bytes(answer, "big") == pow(base, exponent, MODULUS)


def test_without_the_library_python_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(modular_power, "_key", lambda *_: None)
    base = 1 << 2000
    answer = raised(base.to_bytes(256, "big"), 3, MODULUS)
    assert int.from_bytes(answer, "big") == pow(base, 3, MODULUS)


def test_threads_do_not_disturb_each_other() -> None:
    bases = [(1 << 2040) + number for number in range(400)]
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(
            lambda base: raised(base.to_bytes(256, "big"), 65_537, MODULUS), bases
        )
    expected = [pow(base, 65_537, MODULUS) for base in bases]
    assert [int.from_bytes(answer, "big") for answer in answers] == expected
