"""One file as it fares at the system: preflight, repair if need be, the stamp, the judges."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
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
from tests.integration.pdf.cost_meter import CostMeter
from tests.integration.pdf.stamping import a_spec, stamped
from tests.integration.pdf.whole_page import PlacedStamp

USUAL_SIDE_PT = 54.0
PORTAL_LIMIT_BYTES = 800_000
ENGINES = {"prepare": "incremental", "prepare_with_pyhanko": "pyhanko"}

Outcome = Literal["stamped", "refused", "wrong"]


@dataclass(frozen=True)
class Row:
    """`code`: of a refusal. `engine`: the writer. `seconds` of processor time and `memory_mib`: of
    preflight and stamping, judges apart. `why`: what is wrong."""

    file: str
    outcome: Outcome
    code: str | None = None
    engine: str | None = None
    seconds: float = 0.0
    memory_mib: float = 0.0
    why: Sequence[str] = ()


@dataclass(frozen=True)
class _Stamped:
    """`made` of `taken`: the original, or its repair."""

    taken: bytes
    made: bytes
    stamp: PlacedStamp


def tried(name: str, original: bytes) -> Row:
    """Whatever happens to the file."""
    meter = CostMeter()
    row, result = _uploaded(name, original)
    row = replace(row, seconds=meter.cpu_seconds, memory_mib=meter.memory_mib)
    why = faults(original, result.taken, result.made, result.stamp) if result is not None else ()
    return replace(row, outcome="wrong", why=why) if why else row


def _uploaded(name: str, original: bytes) -> tuple[Row, _Stamped | None]:
    """As the system takes it: preflight, then the stamp."""
    try:
        document_facts = _preflight(original)
    except DocumentRefused as refusal:
        return Row(name, "refused", refusal.code), None
    (box,), page_pt = document_facts.placements, document_facts.page_sizes_pt[0]
    mends = bool(document_facts.repairs)
    with _noting_engines() as passed:
        try:
            taken = repaired(original, ResourceBudget()) if mends else original
            made = stamped(taken, a_spec(placement=box))
        except MeteraiError as refusal:
            disagree = "taken by preflight, refused when stamped"
            return Row(name, "wrong", refusal.code, why=[disagree]), None
    code = document_facts.repairs[0].code if mends else None
    row = Row(name, "stamped", code, "repair" if mends else passed[-1])
    return row, _Stamped(taken, made, PlacedStamp(box, page_pt))


def _preflight(original: bytes) -> DocumentFacts:
    """With the usual square in a corner, or a smaller one on a page that is smaller; and with a
    repair, where one is needed. Raises DocumentRefused."""
    preflight = PdfPreflight(PORTAL_LIMIT_BYTES)
    pages = preflight(original, (), allow_overlap=True, repair=True).page_sizes_pt
    corner = PointPlacement(page=1, x_pt=0, y_pt=0, side_pt=min(USUAL_SIDE_PT, *pages[0]))
    return preflight(original, [corner], allow_overlap=True, repair=True)


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
