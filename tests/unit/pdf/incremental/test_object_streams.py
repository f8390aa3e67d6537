"""Objects in object streams (ISO 32000-1, 7.5.7)."""

import time
from itertools import accumulate

import pytest

from meterai.domain.errors import DocumentAmbiguous
from meterai.pdf.engines.incremental.document import Document

FIRST = 4
MANY = 20_000
MAX_SECONDS = 1.0  # 0.05 s are needed; comparing each object with all others takes 5 s


def _with_object_stream(numbers: list[int]) -> bytes:
    """A catalog, and a stream with these objects; the `/N` of each is its index among them."""
    bodies = [b"<</N %d>>" % at for at in range(len(numbers))]
    places = accumulate((len(body) + 1 for body in bodies[:-1]), initial=0)
    header = b" ".join(b"%d %d" % pair for pair in zip(numbers, places, strict=True)) + b" "
    content = header + b" ".join(bodies)
    written = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    stream_at = len(written)
    entries = b"/Type/ObjStm/N %d/First %d" % (len(numbers), len(header))
    written += _stream(2, entries, content)
    size = max(numbers) + 1
    rows = bytearray(7 * size)
    for number, kind, second, third in (
        (1, 1, written.index(b"1 0 obj"), 0),
        (2, 1, stream_at, 0),
        (3, 1, len(written), 0),
        *((number, 2, 2, at) for at, number in enumerate(numbers)),
    ):
        row = bytes((kind,)) + second.to_bytes(3, "big") + third.to_bytes(3, "big")
        rows[7 * number : 7 * number + 7] = row
    entries = b"/Type/XRef/W[1 3 3]/Size %d/Root 1 0 R" % size
    return written + _stream(3, entries, bytes(rows)) + b"startxref\n%d\n%%%%EOF" % len(written)


def _stream(number: int, entries: bytes, content: bytes) -> bytes:
    return b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        entries,
        len(content),
        content,
    )


def test_the_time_grows_only_linearly_with_the_number_of_objects() -> None:
    document = Document(_with_object_stream([*range(FIRST, FIRST + MANY)]))
    began = time.process_time()
    texts = [document.leaf_text(number) for number in range(FIRST, FIRST + MANY)]
    assert time.process_time() - began < MAX_SECONDS
    assert [texts[at].strip() for at in (0, MANY - 1)] == [b"<</N 0>>", b"<</N %d>>" % (MANY - 1)]


def test_an_object_that_is_listed_twice_is_ambiguous() -> None:
    document = Document(_with_object_stream([4, 5, 6, 5, 7]))
    assert [document.value(number) for number in (4, 6, 7)] == [{"/N": 0}, {"/N": 2}, {"/N": 4}]
    with pytest.raises(DocumentAmbiguous) as refused:
        document.value(5)
    assert refused.value.values == {"cause": "object_listed_twice", "object": 5}
