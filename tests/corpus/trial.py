"""One file as it would fare at the system: examined, mended if need be, stamped, judged."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Literal
from unittest.mock import patch

from meterai.domain.errors import DocumentRefused, MeteraiError
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.preflight import DocumentFacts
from meterai.pdf.engines import chain
from meterai.pdf.engines.engine import Engine, PreparedDocument, SigningContext
from meterai.pdf.engines.repair import repaired
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.sandbox import ResourceBudget
from meterai.pdf.stamp_spec import StampSpec
from tests.corpus.judging import faults
from tests.integration.pdf.stamping import a_spec, stamped
from tests.integration.pdf.whole_page import Mark

USUAL_SIDE_PT = 54.0
PORTAL_LIMIT_BYTES = 800_000
ENGINES = {"prepare": "incremental", "prepare_with_pyhanko": "pyhanko"}

Outcome = Literal["stamped", "refused", "wrong"]


@dataclass(frozen=True)
class Row:
    """`code`: of a refusal. `engine`: the writer. `seconds`: to examine and stamp it, judges apart.
    `why`: what is wrong."""

    file: str
    outcome: Outcome
    code: str | None = None
    engine: str | None = None
    seconds: float = 0.0
    why: Sequence[str] = ()


def tried(name: str, original: bytes) -> Row:
    """Whatever happens to the file."""
    start = perf_counter()
    try:
        document_facts = _examined(original)
    except DocumentRefused as refusal:
        return Row(name, "refused", refusal.code, seconds=perf_counter() - start)
    (box,), page_pt = document_facts.placements, document_facts.page_sizes_pt[0]
    mends = bool(document_facts.repairs)
    with _noting_engines() as passed:
        try:
            made = stamped(original, a_spec(placement=box), repair=mends)
        except MeteraiError as refusal:
            seconds, disagree = perf_counter() - start, "taken when examined, refused when stamped"
            return Row(name, "wrong", refusal.code, seconds=seconds, why=[disagree])
    seconds = perf_counter() - start
    engine = "repair" if mends else passed[-1]
    code = document_facts.repairs[0].code if mends else None
    taken = repaired(original, ResourceBudget()) if mends else original
    why = faults(original, taken, made, Mark(box, page_pt))
    return Row(name, "wrong" if why else "stamped", code, engine, seconds, why)


def _examined(original: bytes) -> DocumentFacts:
    """With the usual square in a corner, or a smaller one on a page that is smaller; and with a
    repair, where one is needed. Raises DocumentRefused."""
    inspect = PdfPreflight(PORTAL_LIMIT_BYTES)
    pages = inspect(original, (), allow_overlap=True, repair=True).page_sizes_pt
    corner = PointPlacement(page=1, x_pt=0, y_pt=0, side_pt=min(USUAL_SIDE_PT, *pages[0]))
    return inspect(original, [corner], allow_overlap=True, repair=True)


@contextmanager
def _noting_engines() -> Iterator[list[str]]:
    """The names of the engines that took a document, in order."""
    passed: list[str] = []

    def noted(engine: Engine) -> Engine:
        def open_engine(
            document: bytes, specs: Sequence[StampSpec], context: SigningContext
        ) -> PreparedDocument:
            prepared = engine(document, specs, context)
            passed.append(ENGINES[engine.__name__])
            return prepared

        return open_engine

    with patch.object(chain, "ENGINES", tuple(noted(engine) for engine in chain.ENGINES)):
        yield passed
