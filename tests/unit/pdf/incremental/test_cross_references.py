"""Objects are found by the file's own cross-references; unusual files are for the next engine."""

import re
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.flate import inflated, without_prediction
from meterai.pdf.engines.incremental.pages import all_pages
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, parse
from tests.fixtures.documents.hybrid import hybrid
from tests.fixtures.documents.plain import Shape, assemble, document

PLAIN = document(Shape(), Shape())


def test_objects_are_found_by_number() -> None:
    opened = Document(PLAIN)
    assert opened.root_number == 1
    assert opened.value(2)["/Count"] == 2
    assert opened.value(5) is None
    assert opened.value(4_000) is None
    assert opened.next_number == 12
    assert all_pages(opened).numbers == [10, 11]


@pytest.mark.parametrize(
    "odd",
    [
        PLAIN.replace(b"/Size 12", b"/Size 11"),
        PLAIN.replace(b"/Size 12", b"/Size 9999999"),
        PLAIN.replace(b"/Size 12", b"/Size (a)"),
        PLAIN.replace(b"/Root 1 0 R", b"/Root 1"),
        PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/Encrypt 9 0 R"),
        PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 0"),
        PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev 99999999"),
        re.sub(rb"00000 n \n", b"00000 n\n", PLAIN),
        PLAIN.replace(b"trailer", b"tailer!"),
        PLAIN.replace(b"1 0 obj", b"7 0 obj"),
        PLAIN.replace(b"1 0 obj", b"1 1 obj"),
        PLAIN.replace(b"/Type/Catalog", b"/Type/Katalog"),
        PLAIN.replace(b"%PDF-1.6", b"%PDF-ab6"),
        hybrid(),
    ],
)
def test_an_unusual_file_is_unsupported(odd: bytes) -> None:
    assert odd != PLAIN
    with pytest.raises(Unsupported):
        _read(odd)


def _read(data: bytes) -> None:
    opened = Document(data)
    assert opened.version
    all_pages(opened)


def test_a_chain_of_cross_references_that_loops_is_unsupported() -> None:
    start = int(PLAIN.split(b"startxref\n")[1].split()[0])
    with pytest.raises(Unsupported):
        Document(PLAIN.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start))


def test_an_entry_of_another_generation_is_unsupported() -> None:
    at = PLAIN.index(b"xref")
    odd = PLAIN[:at] + PLAIN[at:].replace(b" 00000 n", b" 00001 n")
    with pytest.raises(Unsupported):
        assert Document(odd).catalog


@pytest.mark.parametrize(
    "kids",
    [
        "[10 0 R 10 0 R]",
        "[10 0 R]",
        "[10 0 R 99 0 R]",
        "[2 0 R 10 0 R]",
        "[10 0 R 1 0 R]",
        "[10 0 R<<>>]",
        "11 0 R",
        "null",
    ],
)
def test_a_page_tree_with_wrong_counts_or_kinds_is_unsupported(kids: str) -> None:
    odd = assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: f"<</Type/Pages/Count 2/Kids{kids}>>",
            10: "<</Type/Page/Parent 2 0 R>>",
            11: "<</Type/Page/Parent 2 0 R>>",
        }
    )
    with pytest.raises(Unsupported):
        all_pages(Document(odd))


def test_nested_pages_inherit_attributes() -> None:
    nested = assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: "<</Type/Pages/Count 3/Kids[3 0 R 6 0 R]/Rotate 90/MediaBox[0 0 9 9]>>",
            3: "<</Type/Pages/Count 2/Kids[4 0 R 5 0 R]/MediaBox[0 0 100 200]>>",
            4: "<</Type/Page>>",
            5: "<</Type/Page/Rotate 0>>",
            6: "<</Type/Page/MediaBox[0 0 300 400]>>",
        }
    )
    opened = Document(nested)
    pages = all_pages(opened)
    assert pages.numbers == [4, 5, 6]
    shown = [pages.node(opened, index).page for index in range(3)]
    assert [(page.width, page.rotation) for page in shown] == [(100, 90), (100, 0), (300, 90)]


@given(st.integers(1, 6), st.lists(st.binary(min_size=6, max_size=6), max_size=30))
def test_the_predictor_of_a_stream_is_undone(columns: int, rows: list[bytes]) -> None:
    rows = [row[:columns] for row in rows]
    above = bytes(columns)
    encoded = b""
    for row in rows:
        encoded += b"\2" + bytes((byte - up) & 0xFF for byte, up in zip(row, above, strict=True))
        above = row
    written = b"<</DecodeParms<</Predictor 12/Columns %d>>>>" % columns
    stream, _ = parse(written, 0, None, len(written))
    assert without_prediction(stream, encoded, columns) == b"".join(rows)


def test_a_stream_that_inflates_beyond_the_limit_is_unsupported() -> None:
    bomb = zlib.compress(bytes(50_000_000))
    stream = Dictionary({"/Filter": Array(["/FlateDecode"])})
    with pytest.raises(Unsupported):
        inflated(stream, bomb, 1_000_000)
    with pytest.raises(Unsupported):
        inflated(stream, bomb[:-10], 50_000_000)
    with pytest.raises(Unsupported):
        inflated(stream, b"no deflate", 1_000)
    with pytest.raises(Unsupported):
        inflated(Dictionary({"/Filter": "/LZWDecode"}), bomb, 1_000)
