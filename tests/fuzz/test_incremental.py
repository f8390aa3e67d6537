"""The incremental engine answers any bytes within its bounds of time and memory."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.errors import AlreadyStamped, DocumentRefused
from tests.fixtures.documents.hostile import HOSTILE
from tests.fuzz import incremental
from tests.fuzz.apart import Bound, outcome
from tests.fuzz.incremental import seeds, spoiled
from tests.generated import examples

SEEDS = seeds()
SECTIONS: Bound = ("meterai.pdf.engines.incremental.cross_references", "MAX_INFLATED_BYTES")
SYNTAX: Bound = ("meterai.pdf.engines.incremental.document", "MAX_SYNTAX_BYTES")
OBJECTS: Bound = ("meterai.pdf.engines.incremental.document", "MAX_OBJECTS_IN_STREAMS")


def _is_an_answer(said: str) -> bool:
    refusals = {one.code for one in DocumentRefused.__subclasses__()}
    return said in {"taken", AlreadyStamped.code, *refusals} or said.startswith("not mine: ")


@examples(150)
@given(st.randoms(use_true_random=False))
def test_a_spoiled_file_has_an_answer_within_bounds(random: Random) -> None:
    said = outcome(spoiled(random, SEEDS))
    assert _is_an_answer(said), said


def test_what_is_spoiled_was_sound_before() -> None:
    assert {outcome(one) for one in SEEDS} == {"taken", "document_already_stamped"}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_has_an_answer_within_bounds(name: str) -> None:
    said = outcome(HOSTILE[name]())
    assert _is_an_answer(said), said


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("cross-references in bombs", SECTIONS),
        ("an array of a million arrays", SYNTAX),
        ("object streams that are all head", OBJECTS),
    ],
)
def test_a_bound_that_is_taken_away_is_missed(name: str, bound: Bound) -> None:
    """What the fuzzer reports of an engine that takes as much as a document asks for."""
    assert outcome(HOSTILE[name](), without=[bound]) in ("MemoryError", "TimeoutError")


def test_an_engine_that_hangs_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def hang(*_: object) -> None:
        while True:
            pass

    monkeypatch.setattr(incremental, "prepare", hang)
    with pytest.raises(TimeoutError):
        incremental.try_one(b"")
