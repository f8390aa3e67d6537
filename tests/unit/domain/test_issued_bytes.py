"""Which part of a file is ours: every order of stampings and others' additions, in a small model.

A model file is a text in which each step appends: `A` is a stamping made on the file as it then is,
`a` adds an augmented file of the last stamping, `x` is somebody else's addition.
"""

import hashlib
from dataclasses import dataclass, replace
from itertools import product

import pytest

from meterai.domain.stamping.issued_bytes import ours_until, recorded_sizes
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai, SerialState
from tests.unit.domain.facts import emeterai

LETTER = "letter;"
STEPS = 5


def output(content: str) -> Output:
    return Output.of(content.encode())


def record(name: str, document: str, *files: str, sized: bool = True) -> EMeterai:
    outputs = [output(file) for file in files]
    if not sized:
        outputs = [replace(one, size_bytes=None) for one in outputs]
    stamped = emeterai(name, 0, SerialState.STAMPED)
    return replace(stamped, document=output(document).sha256, outputs=tuple(outputs))


def proven(content: str, records: list[EMeterai]) -> dict[str, int]:
    """As the step does it."""
    sizes = recorded_sizes(records, len(content))
    assert all(size < len(content) for size in sizes)
    prefixes = {n: hashlib.sha256(content[:n].encode()).hexdigest() for n in sizes}
    found = ours_until(records, output(content).sha256, len(content), prefixes)
    return {str(name): end for name, end in found.items()}


@dataclass
class Story:
    """`ours`: for each stamping, the end of the last addition in a row that is ours."""

    content: str
    records: list[EMeterai]
    ours: dict[str, int]


def story(steps: tuple[str, ...]) -> Story:
    content, records, open_ones = LETTER, list[EMeterai](), list[str]()
    ours: dict[str, int] = {}
    for number, step in enumerate(steps):
        before, content = content, f"{content}{step}{number};"
        if step == "x":
            open_ones = []
            continue
        if step == "A":
            records.append(record(f"S{number}", before, content))
            open_ones.append(f"S{number}")
        elif records and open_ones:  # the last of ours goes on as its augmented file
            last = records[-1]
            records[-1] = replace(last, outputs=(*last.outputs, output(content)))
        else:
            open_ones = []
        ours |= dict.fromkeys(open_ones, len(content))
    return Story(content, records, ours)


STORIES = [story(steps) for steps in product("Aax", repeat=STEPS)]


def test_every_order_of_ours_and_others_is_told_apart() -> None:
    assert len(STORIES) == 3**STEPS
    for one in STORIES:
        assert proven(one.content, one.records) == one.ours


def test_without_sizes_a_stamping_is_proven_by_the_whole_file_or_by_one_made_on_it() -> None:
    first = record("A", LETTER, LETTER + "A;", sized=False)
    second = record("B", LETTER + "A;", LETTER + "A;B;")
    assert recorded_sizes([first], 100) == frozenset()
    assert proven(LETTER + "A;", [first]) == {"A": 9}
    assert proven(LETTER + "A;x;", [first]) == {}
    assert proven(LETTER + "A;B;", [first, second]) == {"A": 11, "B": 11}
    assert proven(LETTER + "A;B;x;", [first, second]) == {"A": 11, "B": 11}


def test_a_changed_byte_or_a_missing_end_proves_nothing() -> None:
    one = record("A", LETTER, LETTER + "A;")
    for content in ("Letter;A;", LETTER + "A", LETTER + "B;", LETTER, "", LETTER + "B;x;"):
        assert proven(content, [one]) == {}


def test_what_was_repaired_does_not_begin_with_its_document() -> None:
    first = record("A", LETTER, LETTER + "A;")
    second = replace(record("B", LETTER + "A;", "mended;B;"), findings=("document_damaged",))
    assert second.repaired
    another = replace(second, serial=Serial("B2"), findings=())
    for records in ([first, second], [first, second, another], [another, second, first]):
        assert proven("mended;B;", records) == {"B": 9}


def test_all_serials_of_a_stamping_are_one_stamping() -> None:
    first = record("A", LETTER, LETTER + "A;")
    serials = (Serial("A"), Serial("A2"))
    both = [replace(first, serials=serials), replace(first, serial=serials[1], serials=serials)]
    assert proven(LETTER + "A;x", both) == {"A": 9}


CIRCLES = [  # that no honest storage holds
    [record("A", "B-file", "A-file"), record("B", "A-file", "B-file")],
    [record("A", "A-file", "A-file")],
]


@pytest.mark.parametrize("records", CIRCLES)
def test_records_in_a_circle_come_to_an_end(records: list[EMeterai]) -> None:
    assert proven("A-file", records)["A"] == 6
