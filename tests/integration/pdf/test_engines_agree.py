"""The incremental engine against pyHanko, on all kinds of valid documents: the same stamp."""

import re
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from meterai.domain.errors import MeteraiError
from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines import chain, pyhanko_writer
from meterai.pdf.engines.engine import Engine
from meterai.pdf.engines.incremental.writer import prepare
from meterai.pdf.stamp_spec import StampSpec
from tests.fixtures.documents.plain import Shape, document
from tests.generated import examples
from tests.integration.pdf.incremental_engine import SUPPORTED
from tests.integration.pdf.stamping import a_spec, checks, stamped

SLOW = examples(80, suppress=list(HealthCheck))
EDGE = st.floats(-300, 1500).map(lambda number: round(number, 2))
WITH_PYHANKO: Engine = pyhanko_writer.PreparedDocument
Outcome = bytes | type[MeteraiError] | None
"""The stamped document, or the refusal; None where the engine does not support the document."""
NOTE = "<</Type/Annot/Subtype/Text/Rect[0 0 9 9]>>"


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    entries = draw(
        st.sampled_from(
            ["", "/Annots[]", "/Annots null", "/Annots 100 0 R", "/Annots[101 0 R]", "/Tabs/S"]
        )
    )
    box = draw(st.none() | st.tuples(EDGE, EDGE, EDGE, EDGE))
    return Shape(
        media_box=draw(st.just((0, 0, 595, 842)) | st.tuples(EDGE, EDGE, EDGE, EDGE)),
        crop_box=box,
        rotate=draw(st.none() | st.sampled_from((0, 90, -90, 180, 270, 450, 45))),
        user_unit=draw(st.none() | st.sampled_from((0.5, 1, 2.5))),
        inherited=draw(st.booleans()),
        entries=entries,
    )


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    catalog = draw(
        st.sampled_from(
            [
                "",
                "/Lang(id)/ViewerPreferences<</DisplayDocTitle true>>",
                "/Version/1.7",
                "/Version/2.0",
                "/Extensions<</ADBE<</BaseVersion/1.7/ExtensionLevel 3>>>>",
                "/Extensions<</ESIC<</BaseVersion/1.7/ExtensionLevel 5>>>>",
                "/AcroForm<</Fields[]/NeedAppearances true>>",
                "/Perms<<>>",
            ]
        )
    )
    forms = [
        "/Fields[]",
        "/Fields 104 0 R/SigFlags 1",
        "/Fields[102 0 R]/NeedAppearances true/DR<<>>",
    ]
    made = document(
        *draw(st.lists(shapes(), min_size=1, max_size=4)),
        catalog=catalog,
        form="" if "AcroForm" in catalog else draw(st.sampled_from(["", *forms])),
        objects={
            100: draw(st.sampled_from(["[]", "[101 0 R]", "null"])),
            101: NOTE,
            102: "<</FT/Tx/T(nama)/Kids[103 0 R]>>",
            103: "<</Subtype/Widget/Type/Annot/Rect[0 0 1 1]/Parent 102 0 R>>",
            104: "[102 0 R]",
        },
    )
    version = draw(st.sampled_from([b"1.3", b"1.6", b"1.7", b"2.0"]))
    made = made.replace(b"%PDF-1.6", b"%PDF-" + version, 1)
    if draw(st.booleans()):
        made = made.replace(b"/Root 1 0 R", b"/Root 1 0 R/ID[(a\\)\\000)<00bb>]")
    if draw(st.booleans()):
        return _rewritten(made, objects_in_streams=draw(st.booleans()))
    return made.rstrip() + draw(st.sampled_from([b"", b"\n", b"\r\n", b"\n% end"]))


def _rewritten(original: bytes, *, objects_in_streams: bool) -> bytes:
    mode = pikepdf.ObjectStreamMode
    made = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened_by_qpdf:
        opened_by_qpdf.save(
            made,
            object_stream_mode=mode.generate if objects_in_streams else mode.disable,
            deterministic_id=True,
        )
    return made.getvalue()


def _stamped_by(engine: Engine, original: bytes, spec: StampSpec) -> Outcome:
    engines, chain.ENGINES = chain.ENGINES, (engine,)
    try:
        return stamped(original, spec)
    except MeteraiError as refusal:
        unsupported = refusal.values.get("cause") == "no_engine"
        return None if unsupported else type(refusal)
    finally:
        chain.ENGINES = engines


@SLOW
@given(
    original=documents(), page=st.sampled_from([1, -1, 2]), side_pt=st.sampled_from([20, 54, 150])
)
def test_both_engines_make_the_same_stamp(original: bytes, page: int, side_pt: float) -> None:
    """Or refuse for the same reason, wherever the incremental engine supports the document."""
    spec = a_spec(1, Placement(page, 5, 5, side_pt), reason="Surat (1) \\ é")
    incremental = _stamped_by(prepare, original, spec)
    if incremental is not None:
        _assert_same(original, incremental, _stamped_by(WITH_PYHANKO, original, spec))


@pytest.mark.parametrize("name", SUPPORTED)
def test_both_engines_make_the_same_stamp_on_supported_documents(name: str) -> None:
    spec = a_spec(1, Placement(1, 5, 5, 54), reason="Surat (1) \\ é")
    incremental = _stamped_by(prepare, SUPPORTED[name], spec)
    assert isinstance(incremental, bytes)
    _assert_same(SUPPORTED[name], incremental, _stamped_by(WITH_PYHANKO, SUPPORTED[name], spec))


def _assert_same(original: bytes, one: Outcome, other: Outcome) -> None:
    if not isinstance(one, bytes) or not isinstance(other, bytes):
        assert one is other
        return
    assert one.startswith(original)
    assert _visible_to_qpdf(one) == _visible_to_qpdf(other)
    assert all(check.holds for check in checks(one))


def _visible_to_qpdf(document: bytes) -> dict[str, Any]:
    """The stamped document as qpdf reads it, without what may differ."""
    with pikepdf.open(BytesIO(document)) as opened_by_qpdf:
        root = opened_by_qpdf.Root
        form = root.AcroForm
        field = form.Fields[len(form.Fields) - 1]
        signature = dict(field.V)
        for free in ("/Contents", "/ByteRange"):
            del signature[free]
        appearance = field.AP.N
        return {
            "catalog": {
                key: _plain(value)
                for key, value in root.items()
                if key not in ("/Pages", "/AcroForm")
            },
            "form": {key: _plain(value) for key, value in form.items() if key != "/Fields"},
            "fields": [str(one.get("/T", "")) for one in form.Fields],
            "pages": [
                (
                    [str(note.get("/T", "")) for note in page.obj.get("/Annots") or []],
                    sorted(key for key in page.obj if key != "/Annots"),
                )
                for page in opened_by_qpdf.pages
            ],
            "field": {
                key: _plain(value) for key, value in field.items() if key not in ("/V", "/AP", "/P")
            },
            "page": [page.obj.objgen for page in opened_by_qpdf.pages].index(field.P.objgen),
            "signature": {key: _plain(value) for key, value in signature.items()},
            "drawn": appearance.read_bytes(),
            "matrix": _plain(appearance.Matrix),
            "identifier": bytes(opened_by_qpdf.trailer.ID[0]),
        }


def _plain(value: Any) -> str:
    """As text, numbers to four decimals."""
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found[0]):.4f}", repr(value))
