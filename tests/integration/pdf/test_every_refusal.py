"""Each code that a document can be refused with, and a document that is."""

import hashlib
from collections.abc import Callable
from functools import partial

import pytest

from meterai.domain import errors
from meterai.domain.errors import DocumentRefused
from meterai.domain.stamping.earlier_stamps import refuse_changed
from meterai.domain.stamping.placement_requests import (
    AutoPlacement,
    Beside,
    BoxPlacement,
    CanvasPlacement,
    Corner,
    FieldPlacement,
    PlacementRequest,
    PointPlacement,
    TextAnchor,
)
from meterai.languages import Language
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.problems import PROBLEMS
from tests.fakes.documents import MemoryDocuments
from tests.fakes.in_memory_state import InMemoryState
from tests.fixtures.documents.hostile import HOSTILE
from tests.fixtures.documents.plain import Shape, document
from tests.fixtures.documents.refused import REFUSED
from tests.integration.pdf.records import Records

NOTE = "<</Type/Annot/Subtype/FreeText/Rect[10 10 590 830]/Contents(Dengan hormat)/DA(/F 9 Tf)>>"
WRITTEN_OVER = document(Shape(entries="/Annots[100 0 R]"), objects={100: NOTE})


def _preflight(original: bytes, *requests: PlacementRequest) -> None:
    PdfPreflight(800_000)(original, requests, allow_overlap=False)


def _preflight_of_made(make: Callable[[], bytes]) -> None:
    _preflight(make())


def _uploaded_otherwise() -> None:
    documents = MemoryDocuments(InMemoryState())
    declared = hashlib.sha256(b"declared").hexdigest()
    documents.state.documents["account", declared] = b"%PDF-1.7 uploaded"
    documents.get("account", declared)


def _stamped_and_changed() -> None:
    records = Records()
    issued = records.issue(document())
    changed = issued.replace(b"/Location(Indonesia)", b"/Location(indonesia)")
    facts = PdfPreflight(800_000)(changed, (), allow_overlap=False)
    refuse_changed(hashlib.sha256(changed).hexdigest(), facts, records.get_many)


def _placed(*requests: PlacementRequest, original: bytes = document()) -> Callable[[], None]:
    return lambda: _preflight(original, *requests)


PRODUCED: dict[type[DocumentRefused], Callable[[], None]] = {
    **{refusal: partial(_preflight_of_made, make) for make, refusal in REFUSED.values()},
    errors.DocumentHashMismatch: _uploaded_otherwise,
    errors.DocumentTooComplex: lambda: _preflight(
        HOSTILE["bombs within bombs"](), AutoPlacement(1, Corner.TOP_LEFT, 54)
    ),
    errors.EarlierStampBroken: _stamped_and_changed,
    errors.PageOutOfRange: _placed(PointPlacement(2, 0, 0, 54)),
    errors.BoxOffPage: _placed(PointPlacement(1, 590, 0, 54)),
    errors.StampSizeRefused: _placed(BoxPlacement(1, 0, 0, 20, 20)),
    errors.CanvasMismatch: _placed(CanvasPlacement(1, 1_000, 1_000, 0, 0, 100)),
    errors.AnchorNotFound: _placed(TextAnchor(1, "Hormat saya", 1, Beside.RIGHT, 0, 0, 54)),
    errors.FieldNotFound: _placed(FieldPlacement("Pemohon")),
    errors.NoFreeSpace: _placed(AutoPlacement(1, Corner.TOP_LEFT, 54), original=WRITTEN_OVER),
    errors.CoversText: _placed(PointPlacement(1, 100, 100, 54), original=WRITTEN_OVER),
    errors.CoversStamp: _placed(PointPlacement(1, 0, 0, 54), PointPlacement(1, 30, 30, 54)),
}


@pytest.mark.parametrize("refusal", PRODUCED, ids=lambda refusal: refusal.code)
def test_a_document_is_refused_with_its_code(refusal: type[DocumentRefused]) -> None:
    with pytest.raises(refusal) as refused:
        PRODUCED[refusal]()
    assert type(refused.value) is refusal
    for language in Language:
        problem = PROBLEMS[refusal.code].body(refusal.code, dict(refused.value.values), language)
        assert problem["detail"]


def test_every_code_has_such_a_document() -> None:
    assert PRODUCED.keys() == set(DocumentRefused.__subclasses__())
