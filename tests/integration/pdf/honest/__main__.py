"""`python -m tests.integration.pdf.honest DIR`: honest signatures on a folder of PDFs, by verdict.

Each file is stamped in a corner, then signed with pyHanko: without a box; with one in free space,
where there is any; and twice. What is not `extended` is a false alarm. Files that cannot be stamped
are left out.
"""

import argparse
from collections import Counter
from pathlib import Path

from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.placement_requests import AutoPlacement, Corner, PointPlacement
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.verification.changes.judge import judge_changes
from tests.integration.pdf.honest.signing import signed
from tests.integration.pdf.stamping import a_spec, stamped

SIDE_PT = 54.0
LIMIT_BYTES = 800_000


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.integration.pdf.honest")
    parser.add_argument("folder", type=Path)
    counts: Counter[tuple[str, str]] = Counter()
    for path in sorted(parser.parse_args().folder.rglob("*.pdf")):
        for kind, verdict in verdicts(path.read_bytes()).items():
            counts[kind, verdict] += 1
            if verdict != "extended":
                print(f"{path.name}: {kind}: {verdict}")
    for (kind, verdict), count in sorted(counts.items()):
        print(f"{kind:24}{verdict:12}{count:>6}")


def verdicts(original: bytes) -> dict[str, str]:
    """By kind of signature; a refusal of the stamp is the only entry then."""
    inspect = PdfPreflight(LIMIT_BYTES)
    try:
        pages = inspect(original, (), allow_overlap=True, repair=True).page_sizes_pt
        corner = PointPlacement(page=1, x_pt=0, y_pt=0, side_pt=min(SIDE_PT, *pages[0]))
        facts = inspect(original, [corner], allow_overlap=True, repair=True)
        spec = a_spec(placement=facts.placements[0])
        issued = stamped(original, spec, repair=bool(facts.repairs))
    except MeteraiError:
        return {"not stamped": "refused"}
    kinds: dict[str, tuple[int, int, int, int] | None] = {"nothing shown": None}
    try:
        request = AutoPlacement(page=1, prefer=Corner.BOTTOM_RIGHT, side_pt=SIDE_PT)
        (free,) = inspect(issued, [request], allow_overlap=False).placements
        x, y, side = round(free.x_pt), round(free.y_pt), round(SIDE_PT)
        kinds["in free space"] = (x, y, x + side, y + side)
    except MeteraiError:
        pass
    found = {}
    for kind, box in kinds.items():
        once = signed(issued, box=box)
        twice = signed(once, box=box, field="Saksi")
        found[kind] = str(judge_changes(once, len(issued)).verdict)
        found[f"{kind}, twice"] = str(judge_changes(twice, len(issued)).verdict)
    return found


if __name__ == "__main__":
    main()
