"""What the incremental engine supports, what it leaves to pyHanko, and what it costs."""

import gc
import subprocess
import sys
import tracemalloc

import pikepdf
import pytest

from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines import chain
from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from tests.benchmarks.stamping_first import first_stamp
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.plain import Shape, assemble, document
from tests.fixtures.documents.refused import REFUSED, encrypted
from tests.fixtures.documents.remake import LETTER
from tests.integration.pdf.incremental_engine import INDIRECT, SUPPORTED, outcome
from tests.integration.pdf.judges import pdfsig_verdicts, qpdf_complaints
from tests.integration.pdf.stamping import a_spec, all_hold, serial, stamped

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
    "text form": document(form="7"),
}


@pytest.mark.parametrize("name", SUPPORTED)
def test_plain_documents_are_supported(name: str) -> None:
    assert outcome(SUPPORTED[name]) == "supported"
    made = stamped(SUPPORTED[name], a_spec(1), a_spec(2))
    assert made.startswith(SUPPORTED[name])
    assert qpdf_complaints(made) == []
    assert [one.valid for one in pdfsig_verdicts(made)][-2:] == [True, True]


@pytest.mark.parametrize("name", UNSUPPORTED)
def test_odd_documents_are_unsupported(name: str) -> None:
    assert outcome(UNSUPPORTED[name]) == "unsupported"


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_for_the_same_reason_as_pyhanko_or_is_unsupported(
    name: str,
) -> None:
    make, refusal = REFUSED[name]
    assert outcome(make()) in ("unsupported", refusal.code)


@pytest.mark.parametrize("name", ["certified, no changes", "field lock", "lock in a grandchild"])
def test_it_refuses_restricted_documents_itself(name: str) -> None:
    make, refusal = REFUSED[name]
    assert outcome(make()) == refusal.code


def test_after_an_engine_that_fails_the_next_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: object) -> object:
        raise KeyError("a defect")

    def unsupporting(*_: object) -> object:
        raise Unsupported("anything")

    monkeypatch.setattr(chain, "ENGINES", (failing, unsupporting, *chain.ENGINES))
    assert all_hold(stamped(document()), [f"Emet{serial(1)}"])


def test_specs_that_do_not_fit_are_refused_before_the_first_is_signed() -> None:
    assert outcome(document(), a_spec(1), a_spec(2, Placement(3, 0, 0, 60))) == "page_out_of_range"
    assert outcome(document(), a_spec(1), a_spec(1)) == "document_already_stamped"


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


def test_a_stamped_document_is_freed_without_garbage_collection() -> None:
    stamped(document())
    gc.collect()
    gc.disable()
    try:
        stamped(document())
        assert [one for one in gc.get_objects() if isinstance(one, Document)] == []
    finally:
        gc.enable()


def test_a_stamp_by_the_incremental_engine_imports_no_library() -> None:
    _, modules = first_stamp(LETTER.read_bytes())
    heavy = {"pyhanko", "pypdf", "pikepdf", "asn1crypto", "segno", "pydantic", "stdnum", "boto3"}
    assert heavy.isdisjoint(modules)
    assert "multiprocessing" not in modules


def test_the_incremental_engine_imports_only_the_standard_library() -> None:
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
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    assert {name for name in printed if not name.startswith("_")} <= {"meterai"}
