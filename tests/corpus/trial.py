"""One file as it would fare at the stamp office: examined, mended if need be, stamped, judged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Literal
from unittest.mock import patch

from meterai.domain.errors import DocumentRefused, MeteraiError
from meterai.domain.examination import Examination
from meterai.domain.wishes import AtPoint
from meterai.pdf import stamp
from meterai.pdf.confined import Allowance
from meterai.pdf.doors import Door, Draft, Terms
from meterai.pdf.examiner import PdfExaminer
from meterai.pdf.marks import Mark
from meterai.pdf.repair import repaired
from tests.corpus.judging import faults
from tests.integration.pdf.stamping import mark, stamped

USUAL_SIDE_PT = 54.0
PORTAL_LIMIT_BYTES = 800_000
DOORS = {"open_draft": "incremental", "_through_pyhanko": "pyhanko"}

Outcome = Literal["stamped", "refused", "wrong"]


@dataclass(frozen=True)
class Row:
    """`code`: of a refusal. `door`: the writer. `seconds`: to examine and stamp it, judges apart.
    `why`: what is wrong."""

    file: str
    outcome: Outcome
    code: str | None = None
    door: str | None = None
    seconds: float = 0.0
    why: Sequence[str] = ()


def tried(name: str, original: bytes) -> Row:
    """Whatever happens to the file."""
    start = perf_counter()
    try:
        examination = _examined(original)
    except DocumentRefused as refusal:
        return Row(name, "refused", refusal.code, seconds=perf_counter() - start)
    (box,), page_pt = examination.placements, examination.page_sizes_pt[0]
    mends = bool(examination.repairs)
    with _noting_doors() as passed:
        try:
            made = stamped(original, mark(placement=box), repair=mends)
        except MeteraiError as refusal:
            seconds, disagree = perf_counter() - start, "taken when examined, refused when stamped"
            return Row(name, "wrong", refusal.code, seconds=seconds, why=[disagree])
    seconds = perf_counter() - start
    door = "repair" if mends else passed[-1]
    code = examination.repairs[0].code if mends else None
    before = repaired(original, Allowance()) if mends else original
    why = faults(before, made, box, page_pt)
    return Row(name, "wrong" if why else "stamped", code, door, seconds, why)


def _examined(original: bytes) -> Examination:
    """With the usual square in a corner, or a smaller one on a page that is smaller; and with a
    repair, where one is needed. Raises DocumentRefused."""
    examine = PdfExaminer(PORTAL_LIMIT_BYTES)
    pages = examine(original, (), allow_overlap=True, repair=True).page_sizes_pt
    corner = AtPoint(page=1, x_pt=0, y_pt=0, side_pt=min(USUAL_SIDE_PT, *pages[0]))
    return examine(original, [corner], allow_overlap=True, repair=True)


@contextmanager
def _noting_doors() -> Iterator[list[str]]:
    """The names of the doors that took a document, in order."""
    passed: list[str] = []

    def noted(door: Door) -> Door:
        def open_door(document: bytes, marks: Sequence[Mark], terms: Terms) -> Draft:
            draft = door(document, marks, terms)
            passed.append(DOORS[door.__name__])
            return draft

        return open_door

    with patch.object(stamp, "DOORS", tuple(noted(door) for door in stamp.DOORS)):
        yield passed
