"""Preflight makes a trial stamp: what engines refuse only when writing is refused before
payment."""

import subprocess
import sys
from pathlib import Path

import pytest

from meterai.domain.errors import DocumentRefused, DocumentTooComplex
from meterai.domain.stamping.placement import Placement
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.pdf import sandbox
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.plain import Shape, document
from tests.integration.pdf.incremental_engine import outcome
from tests.integration.pdf.stamping import a_spec, stamped

PREFLIGHT = PdfPreflight(800_000)
FOR_PYHANKO = "/Odd 100 3 R"  # an object in a generation that only pyHanko reads
STRUCTURE = "<</Type/StructTreeRoot/ParentTreeNextKey 1/ParentTreeNextKey 2/ParentTree 102 0 R>>"
WIDGET = "<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/Rect[9 9 99 99]/AP<</N 901 0 R>>>>"
LAST = 240
ROOT = Path(__file__).parents[3]
PROGRAM = """
import sys
from meterai.pdf.preflight.preflight import PdfPreflight
from tests.fixtures.documents.plain import document

before = set(sys.modules)
PdfPreflight(800_000)(document(), (), allow_overlap=True)
print(*sorted({"pikepdf", "pypdfium2"} & before), *sorted({"pikepdf", "pyhanko"} & {*sys.modules}))
"""
REFUSED_WHEN_WRITTEN = {
    "a key that the structure tree has twice": (
        document(catalog="/StructTreeRoot 101 0 R", objects={101: STRUCTURE, 102: "<<>>"}),
        {"code": "document_ambiguous", "cause": "key_twice", "key": "/ParentTreeNextKey"},
    ),
    "a name that pyHanko spells otherwise": (
        document(Shape(entries=f"{FOR_PYHANKO}/Own<</F#c3#a9 1>>")),
        {"code": "document_damaged", "cause": "name"},
    ),
    "a field without a form on the last of many pages": (
        document(
            *[Shape()] * (LAST - 1),
            Shape(entries="/Annots[900 0 R]"),
            objects={900: WIDGET, 901: "<</Length 0>>stream\n\nendstream"},
        ),
        {"code": "document_ambiguous", "cause": "fields_without_form"},
    ),
}


@pytest.mark.parametrize("name", REFUSED_WHEN_WRITTEN)
def test_what_stamping_would_refuse_preflight_refuses(name: str) -> None:
    original, told = REFUSED_WHEN_WRITTEN[name]
    page = LAST if "last" in name else 1
    requests = [PointPlacement(page, 300, 250, 80)]
    for refuses in (
        lambda: PREFLIGHT(original, requests, allow_overlap=True),
        lambda: stamped(original, a_spec(1, Placement(page, 300, 250, 80))),
    ):
        with pytest.raises(DocumentRefused) as refused:
            refuses()
        found = {"code": refused.value.code, **refused.value.values}
        assert {key: value for key, value in found.items() if key != "repairable"} == told


def test_every_stamp_is_tried_within_a_share_of_the_time_that_stamping_has(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    original = document(Shape(entries=FOR_PYHANKO), *[Shape()] * 600)
    assert outcome(original) == "unsupported"
    requests = [PointPlacement(1, 60 * at, 250, 54) for at in range(1, 9)]
    facts = PREFLIGHT(original, requests, allow_overlap=True)
    assert len(facts.placements) == len(requests)
    monkeypatch.setattr(sandbox, "FURTHER_CPU_SECONDS", -0.33)
    assert sandbox.ResourceBudget(len(requests)).cpu_seconds_left > 0
    with pytest.raises(DocumentTooComplex):
        PREFLIGHT(original, requests, allow_overlap=True)


def test_without_placements_nothing_is_tried() -> None:
    original, _ = REFUSED_WHEN_WRITTEN["a name that pyHanko spells otherwise"]
    assert PREFLIGHT(original, (), allow_overlap=True).page_count == 1


def test_children_inherit_what_each_of_them_would_import() -> None:
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert run.stdout.split() == ["pypdfium2", "pikepdf"]
