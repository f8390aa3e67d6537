"""Odd files from public collections: stamped and valid, or refused; never wrong.

The collection lies beside the repository and is not part of it; without it this is skipped.
"""

from collections import Counter
from pathlib import Path

import pytest

from meterai.domain.errors import MeteraiError
from meterai.domain.placement import Placement
from meterai.pdf.preflight import preflight
from meterai.pdf.verify import Coverage
from tests.integration.pdf.stamping import findings, mark, serial, stamped

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
LEAST_STAMPED = 0.9  # of the files


def test_no_odd_file_is_stamped_wrong() -> None:
    files = sorted(CORPUS.glob("*.pdf"))
    if not files:
        pytest.skip("the corpus of odd PDFs is not there (../shared/corpus)")
    outcomes = Counter(_outcome(path.read_bytes()) for path in files)
    print(dict(outcomes))
    assert outcomes["wrong"] == 0
    assert outcomes["stamped"] >= LEAST_STAMPED * len(files)
    assert outcomes["accepted, then damaged"] <= 0.02 * len(files)


def _outcome(original: bytes) -> str:
    try:
        box = _box_that_fits(original)
        preflight(original, [box])
    except MeteraiError as refusal:
        return f"refused: {refusal.code}"
    try:
        made = stamped(original, mark(placement=box))
    except MeteraiError as refusal:
        return "accepted, then damaged" if refusal.code == "document_damaged" else "wrong"
    return "stamped" if made.startswith(original) and not _worse(original, made) else "wrong"


def _box_that_fits(original: bytes) -> Placement:
    """54 pt in a corner, less on pages that are smaller."""
    tiny = Placement(1, x_pt=0, y_pt=0, side_pt=0.5)
    ((width_pt, height_pt),) = preflight(original, [tiny]).displayed_sizes_pt
    return Placement(1, x_pt=0, y_pt=0, side_pt=min(54, width_pt, height_pt))


def _worse(original: bytes, made: bytes) -> bool:
    """Whether the stamp does not hold, or an earlier signature holds less than before."""
    before = {one.field: one for one in findings(original)}
    after = {one.field: one for one in findings(made)}
    if not after.pop(f"Emet{serial(1)}").holds:
        return True
    whole = (Coverage.WHOLE_FILE, Coverage.EXTENDED)
    return before.keys() != after.keys() or any(
        (one.intact and not after[field].intact)
        or (one.coverage in whole and after[field].coverage not in whole)
        for field, one in before.items()
    )
