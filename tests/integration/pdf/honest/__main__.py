"""`python -m tests.integration.pdf.honest DIR`: honest signatures on a folder of PDFs, by verdict.

Each file is stamped in a corner, then signed with pyHanko: without a box; with one in free space,
where there is any; and twice. It is also signed with PDFBox, without a box and with one at the same
place of each page, and with poppler's pdfsig, where these are installed. What is not `extended` is
a false alarm. Files that cannot be stamped, or that the software does not sign, are left out.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.later_changes import ChangeVerdict
from meterai.domain.stamping.placement_requests import AutoPlacement, Corner, PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.honest.other_software import (
    NotSigned,
    has_pdfbox,
    has_pdfsig,
    running_pdfbox,
    signed_by_pdfsig,
)
from tests.integration.pdf.honest.signing import SIGN_HERE, signed
from tests.integration.pdf.stamping import a_spec, stamped

SIDE_PT = 54.0
LIMIT_BYTES = 800_000
PREFLIGHT = PdfPreflight(LIMIT_BYTES)

Kinds = Mapping[str, Callable[[bytes], bytes]]
"""How a stamped file is signed, by name."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.integration.pdf.honest")
    parser.add_argument("folder", type=Path)
    paths = sorted(parser.parse_args().folder.rglob("*.pdf"))
    counts: dict[str, Counter[str]] = {}
    with ExitStack() as stack:
        others = _other_software(stack)
        for path in paths:
            issued = _issued(path.read_bytes())
            kinds = {**dict(_by_pyhanko(issued)), **others} if issued else {}
            for kind, verdict in verdicts(issued, kinds).items():
                counts.setdefault(kind, Counter())[verdict] += 1
                if verdict != ChangeVerdict.EXTENDED:
                    print(f"{path.name}: {kind}: {verdict}")
    _show(counts)


def _other_software(stack: ExitStack) -> Kinds:
    kinds: dict[str, Callable[[bytes], bytes]] = {}
    if has_pdfbox():
        pdfbox = stack.enter_context(running_pdfbox())
        kinds["PDFBox, nothing shown"] = pdfbox.signed
        kinds["PDFBox, a box at one place"] = partial(pdfbox.signed, box=SIGN_HERE)
    if has_pdfsig():
        kinds["pdfsig, nothing shown"] = signed_by_pdfsig
    for name, is_here in (("PDFBox", has_pdfbox()), ("pdfsig", has_pdfsig())):
        if not is_here:
            print(f"{name} is not installed: its rows are missing.", file=sys.stderr)
    return kinds


def _issued(original: bytes) -> bytes:
    """With a stamp in a corner; nothing, where that is refused."""
    try:
        pages = PREFLIGHT(original, (), allow_overlap=True, repair=True).page_sizes_pt
        corner = PointPlacement(page=1, x_pt=0, y_pt=0, side_pt=min(SIDE_PT, *pages[0]))
        facts = PREFLIGHT(original, [corner], allow_overlap=True, repair=True)
        spec = a_spec(placement=facts.placements[0])
        return stamped(original, spec, repair=bool(facts.repairs))
    except MeteraiError:
        return b""


def _by_pyhanko(issued: bytes) -> Iterator[tuple[str, Callable[[bytes], bytes]]]:
    boxes: dict[str, tuple[int, int, int, int] | None] = {"pyHanko, nothing shown": None}
    try:
        request = AutoPlacement(page=1, prefer=Corner.BOTTOM_RIGHT, side_pt=SIDE_PT)
        (free,) = PREFLIGHT(issued, [request], allow_overlap=False).placements
        x, y, side = round(free.x_pt), round(free.y_pt), round(SIDE_PT)
        boxes["pyHanko, a box in free space"] = (x, y, x + side, y + side)
    except MeteraiError:
        pass
    for kind, box in boxes.items():
        yield kind, partial(signed, box=box)
        yield f"{kind}, twice", partial(_twice, box=box)


def _twice(issued: bytes, *, box: tuple[int, int, int, int] | None) -> bytes:
    return signed(signed(issued, box=box), box=box, field="Saksi")


def verdicts(issued: bytes, kinds: Kinds) -> dict[str, ChangeVerdict]:
    found = {}
    for kind, sign in kinds.items():
        try:
            document = sign(issued)
        except NotSigned as failure:
            print(f"{kind}: left out: {failure}", file=sys.stderr)
            continue
        found[kind] = judge_changes(document, len(issued)).verdict
    return found


def _show(counts: Mapping[str, Mapping[str, int]]) -> None:
    table = Table("signed after stamping", "files", *ChangeVerdict)
    for kind, found in counts.items():
        cells = [str(found[verdict]) for verdict in ChangeVerdict]
        table.add_row(kind, str(sum(found.values())), *cells)
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
