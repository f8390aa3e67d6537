"""What the hostile documents cost, each in a process of its own: `python -m` prints a line of JSON
for each. A process that has not imported pytest is needed: its memory would be counted, too."""

import json
import os
import resource
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import meterai.pdf.engines.pyhanko_writer  # noqa: F401 - what a function has loaded when it is asked
from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.placement_requests import AutoPlacement, Corner
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.stamping import mark, stamped


class Cost(NamedTuple):
    """Of a process and its children; memory is what both held at most, shared parts once."""

    name: str
    answer: str
    cpu_seconds: float
    memory_mib: float


def main() -> None:
    authority()
    with TemporaryDirectory() as folder:
        for name in sys.argv[1:] or HOSTILE:
            path = Path(folder) / "document.pdf"
            _apart(lambda path=path, name=name: path.write_bytes(HOSTILE[name]()))  # type: ignore[misc]
            _apart(lambda path=path, name=name: _tell(name, path.read_bytes()))  # type: ignore[misc]


def _apart(act: Callable[[], object]) -> None:
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        return
    try:
        act()
        sys.stdout.flush()
    finally:
        os._exit(0)


def _tell(name: str, document: bytes) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = _answer(document)
    own = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = sum((own.ru_utime, own.ru_stime, children.ru_utime, children.ru_stime))
    kibibytes = own.ru_maxrss + max(0, children.ru_maxrss - before)
    print(json.dumps(Cost(name, answer, round(cpu_seconds, 3), round(kibibytes / 1024))))


def _answer(document: bytes) -> str:
    """`stamped`, or the code of a refusal."""
    request = AutoPlacement(page=1, prefer=Corner.BOTTOM_RIGHT, side_pt=54)
    try:
        document_facts = PdfPreflight(800_000)(document, [request], allow_overlap=True, repair=True)
        (place,) = document_facts.placements
        stamped(document, mark(placement=place), repair=bool(document_facts.repairs))
    except MeteraiError as refusal:
        return refusal.code
    return "stamped"


if __name__ == "__main__":
    main()
