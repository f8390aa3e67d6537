"""What it costs to stamp each hostile document, and to verify it, each in its own process. Run as a
module it prints a line of JSON for each. The process must not import pytest, whose memory would be
counted too."""

import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import meterai.pdf.engines.pyhanko_writer
import meterai.pdf.rendering.qr_codes
import meterai.pdf.verification.pyhanko_reader  # noqa: F401 - loaded in a running function too
from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.placement_requests import AutoPlacement, Corner
from meterai.pdf import sandbox
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.cost_meter import CostMeter
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import a_spec, stamped


class Cost(NamedTuple):
    """Costs of a process and its children. Memory is their peak, shared pages counted once."""

    work: str
    name: str
    answer: str
    cpu_seconds: float
    memory_mib: float


def main() -> None:
    sandbox.WALL_SECONDS = 600  # on a slow machine too, the document's own limits decide
    authority()
    with TemporaryDirectory() as folder:
        for name in sys.argv[1:] or HOSTILE:
            path = Path(folder) / "document.pdf"
            _in_child(lambda path=path, name=name: path.write_bytes(HOSTILE[name]()))  # type: ignore[misc]
            for work in WORK:
                _in_child(partial(_print_cost, work, name, path))


def _in_child(work: Callable[[], object]) -> None:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        work()
        sys.stdout.flush()
    finally:
        os._exit(0)


def _print_cost(work: str, name: str, path: Path) -> None:
    document = path.read_bytes()
    meter = CostMeter()
    answer = WORK[work](document)
    cost = Cost(work, name, answer, round(meter.cpu_seconds, 3), round(meter.memory_mib))
    print(json.dumps(cost))


def _stamped(document: bytes) -> str:
    """`stamped`, or the code of a refusal."""
    request = AutoPlacement(page=1, prefer=Corner.BOTTOM_RIGHT, side_pt=54)
    try:
        document_facts = PdfPreflight(800_000)(document, [request], allow_overlap=True, repair=True)
        (place,) = document_facts.placements
        stamped(document, a_spec(placement=place), repair=bool(document_facts.repairs))
    except MeteraiError as refusal:
        return refusal.code
    return "stamped"


def _verified(document: bytes) -> str:
    """The verdict."""
    return Records().verdict(document).verdict


WORK: dict[str, Callable[[bytes], str]] = {"stamp": _stamped, "verify": _verified}


if __name__ == "__main__":
    main()
