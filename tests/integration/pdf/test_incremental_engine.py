"""What the first door takes, what it leaves to the next, and what it costs."""

import gc
import subprocess
import sys
import tracemalloc
from io import BytesIO

import pikepdf
import pytest

from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines import chain
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from tests.benchmarks.stamping_first import first_stamp
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.fixtures.documents.refused import REFUSED, encrypted
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.incremental_engine import opened
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.stamping import all_hold, mark, serial, stamped

INDIRECT = Shape(entries="/Annots 100 0 R")


def _with_object_streams(original: bytes) -> bytes:
    made = BytesIO()
    with pikepdf.open(BytesIO(original)) as opened_by_qpdf:
        opened_by_qpdf.save(
            made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    return made.getvalue()


TAKEN = {
    "letter": LETTER.read_bytes(),
    "scan": SCAN.read_bytes(),
    "letter with object streams": _with_object_streams(LETTER.read_bytes()),
    "signed letter": signed_by(authority().person, LETTER.read_bytes()),
    "stamped letter": stamped(LETTER.read_bytes(), mark(7)),
    "stamped, with object streams": stamped(_with_object_streams(document()), mark(7)),
    "annotations apart": document(INDIRECT, objects={100: "[]"}),
    "form": document(form="/Fields[100 0 R]", objects={100: "<</FT/Tx/T(nama)>>"}),
    "form in the catalog": document(catalog="/AcroForm<</Fields[]>>"),
    "long and flat": document(*[Shape() for _ in range(150)]),
}
UNSUPPORTED = {
    "hybrid": hybrid(),
    "encrypted": encrypted(allow=pikepdf.Permissions(extract=False)),
    "size too small": assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
            3: "<</Type/Page>>",
        },
        size=2,
    ),
    "annotations that pages share": document(INDIRECT, INDIRECT, objects={100: "[]"}),
    "annotation in the array": document(Shape(entries="/Annots[<</Subtype/Text>>]")),
    "page count that lies": document(Shape(), Shape()).replace(b"/Count 2", b"/Count 1"),
    "key twice": document(catalog="/Lang(id)/Lang(en)"),
    "text form": document(form="7"),
}


@pytest.mark.parametrize("name", TAKEN)
def test_plain_documents_go_through_the_first_door(name: str) -> None:
    assert opened(TAKEN[name]) == "taken"
    made = stamped(TAKEN[name], mark(1), mark(2))
    assert made.startswith(TAKEN[name])
    assert qpdf_complaints(made) == []
    assert [one.valid for one in pdfsig_verdicts(made)][-2:] == [True, True]


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_odd_documents_are_left_to_the_next(name: str) -> None:
    assert opened(UNSUPPORTED[name]) == "not mine"


@pytest.mark.parametrize("name", REFUSED)
def test_the_first_door_refuses_for_the_same_reason_or_leaves_it_to_the_next(name: str) -> None:
    make, refusal = REFUSED[name]
    assert opened(make()) in ("not mine", refusal.code)


@pytest.mark.parametrize("name", ["certified, no changes", "field lock", "lock in a grandchild"])
def test_restrictions_are_refused_in_the_first_door(name: str) -> None:
    make, refusal = REFUSED[name]
    assert opened(make()) == refusal.code


def test_a_door_that_fails_does_not_keep_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise KeyError("a defect of ours")

    def leaving(*_: object) -> object:
        raise Unsupported("as it may")

    monkeypatch.setattr(chain, "ENGINES", (failing, leaving, *chain.ENGINES))
    assert all_hold(stamped(document()), [f"Emet{serial(1)}"])


def test_marks_that_do_not_fit_are_known_before_the_first_is_signed() -> None:
    assert opened(document(), mark(1), mark(2, Placement(3, 0, 0, 60))) == "page_out_of_range"
    assert opened(document(), mark(1), mark(1)) == "document_already_stamped"


def test_a_stamp_makes_one_copy_of_the_document() -> None:
    original = document(objects={100: f"<</Length 8000000>>stream\n{'x' * 8_000_000}\nendstream"})
    stamped(document())
    tracemalloc.start()
    try:
        made = stamped(original)
        _, peak_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak_bytes < len(made) + 1_000_000


def test_a_stamped_document_is_not_kept_until_the_garbage_collector_comes() -> None:
    stamped(document())
    gc.collect()
    gc.disable()
    try:
        stamped(document())
        assert [one for one in gc.get_objects() if isinstance(one, Document)] == []
    finally:
        gc.enable()


def test_a_stamp_through_the_first_door_imports_no_library() -> None:
    _, modules = first_stamp(LETTER.read_bytes())
    heavy = {"pyhanko", "pypdf", "pikepdf", "asn1crypto", "segno", "pydantic", "stdnum", "boto3"}
    assert heavy.isdisjoint(modules)
    assert "multiprocessing" not in modules


def test_the_first_door_stands_on_the_standard_library_alone() -> None:
    program = (
        "import sys, meterai.pdf.engines.incremental.writer\n"
        "print(*{name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names))"
    )
    command = [
        sys.executable,
        "-I",
        "-S",
        "-c",
        f"import sys\nsys.path[:] = {sys.path!r}\n{program}",
    ]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert {name for name in told if not name.startswith("_")} <= {"meterai"}
