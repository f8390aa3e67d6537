"""The costliest changes are judged within the sandbox's budget, or reported as not compared."""

import zlib
from random import Random

import pytest

from meterai.domain.stamping.later_changes import ChangeVerdict, LaterChanges
from meterai.pdf.verification.changes.judge import judge_changes
from tests.fixtures.documents.pki import authority
from tests.integration.pdf.attacks.letters import CONTENT, EVIL, letter, plain
from tests.integration.pdf.attacks.signing import signed_with_looks
from tests.integration.pdf.attacks.updates import (
    next_number,
    revision,
    startxref,
    stream,
    table,
)
from tests.integration.pdf.cost_meter import CostMeter
from tests.integration.pdf.stamping import stamped

MAX_CPU_SECONDS = 5.9
"""Two readings for the structure, both drawings, and half a second in this process."""
SIGN = (72, 100, 222, 160)
MB = 1024 * 1024


def judged(document: bytes, issued: bytes) -> LaterChanges:
    """Within the budget of processor time, children included."""
    meter = CostMeter()
    found = judge_changes(document, len(issued))
    assert meter.cpu_seconds < MAX_CPU_SECONDS
    return found


def signed(data: bytes) -> bytes:
    return signed_with_looks(authority().person, data, SIGN, b"0 0 150 60 re S")


def test_twenty_megabytes_are_judged_in_time() -> None:
    issued = stamped(letter({20: stream(Random(20).randbytes(20 * MB), b"/Type/Metadata")}))
    assert judged(signed(issued), issued).verdict is ChangeVerdict.EXTENDED


def test_three_thousand_revisions_are_judged_in_time() -> None:
    issued = plain()
    written, start, new = bytearray(issued), startxref(issued), next_number(issued)
    for number in range(new, new + 3_000):
        at = len(written)
        written += b"%d 0 obj\n<</Producer (Arsip)>>\nendobj\n" % number
        here = len(written)
        written += b"xref\n%d 1\n%010d 00000 n \ntrailer\n<</Size %d/Root 1 0 R/Prev %d>>\n" % (
            number,
            at,
            number + 1,
            start,
        )
        written += b"startxref\n%d\n%%%%EOF\n" % here
        start = here
    document = bytes(written)
    assert judged(document, issued).verdict is ChangeVerdict.EXTENDED
    altered = revision(document, {4: EVIL})
    assert judged(altered, issued).verdict is ChangeVerdict.ALTERED
    assert judged(signed(document), document).verdict is ChangeVerdict.EXTENDED


def test_a_thousand_signatures_are_judged_in_time() -> None:
    """Each revision lists all fields before it."""
    issued = letter(
        catalog=b"/AcroForm 9 0 R", page=b"/Annots 8 0 R", objects={9: b"<<>>", 8: b"[]"}
    )
    written, start, new = bytearray(issued), startxref(issued), next_number(issued)
    fields = b""
    for count in range(1_000):
        number = new + count
        fields += b" %d 0 R" % number
        field = b"<</FT/Sig/T (S%d)/Type/Annot/Subtype/Widget/Rect [0 0 0 0]>>" % count
        bodies = {8: b"[%b]" % fields, 9: b"<</Fields [%b]/SigFlags 3>>" % fields, number: field}
        offsets = {}
        for one, body in bodies.items():
            offsets[one] = len(written)
            written += b"%d 0 obj\n%b\nendobj\n" % (one, body)
        here = len(written)
        written += b"xref\n%btrailer\n<</Size %d/Root 1 0 R/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
            table(offsets),
            number + 1,
            start,
            here,
        )
        start = here
    found = judged(bytes(written), issued)
    assert found.verdict is ChangeVerdict.EXTENDED
    assert len(found.changes) == 100  # the most that are listed


def test_twenty_thousand_fields_are_judged_in_time() -> None:
    fields = {
        number: b"<</Type/Annot/Subtype/Widget/FT/Tx/T (f%d)/Rect [0 0 1 1]/F 2/P 3 0 R>>" % number
        for number in range(100, 20_100)
    }
    listed = b" ".join(b"%d 0 R" % number for number in fields)
    issued = letter(
        {**fields, 20: b"[%b]" % listed},
        catalog=b"/AcroForm <</Fields 20 0 R>>",
        page=b"/Annots 20 0 R",
    )
    new = next_number(issued)
    widget = b"<</Type/Annot/Subtype/Widget/FT/Sig/T (Tamu)/Rect [0 0 0 0]/P 3 0 R>>"
    bodies = {20: b"[%b %d 0 R]" % (listed, new), new: widget}
    found = judged(revision(issued, bodies), issued)
    # pdfium takes five times as long to draw so many as it may.
    assert (found.verdict, found.cause) == (ChangeVerdict.COVERED, "not_compared")
    bodies = {100: fields[100][:-2] + b"/V (9)>>"}
    found = judged(revision(issued, bodies), issued)
    assert (found.verdict, found.cause) == (ChangeVerdict.COVERED, "filled")


@pytest.mark.parametrize(
    ("count", "verdict"),
    [(100_000, ChangeVerdict.EXTENDED), (1_000_000, ChangeVerdict.COVERED)],
)
def test_a_signature_on_a_page_of_very_many_letters_is_judged_in_time(
    count: int, verdict: ChangeVerdict
) -> None:
    """Each letter of the page is asked for its place."""
    size_pt = (450_000 / count) ** 0.5
    line = b"abcd " * int(170 / size_pt)
    lines = count // len(line)
    down = b"0 -%.4f Td (%b) Tj " % (620 / lines, line)
    content = b"BT /F1 %.3f Tf 50 820 Td " % size_pt + down * lines + b"ET"
    issued = stamped(letter({CONTENT: stream(content)}))
    found = judged(signed(issued), issued)
    assert (found.verdict, found.cause) == (
        verdict,
        None if verdict is ChangeVerdict.EXTENDED else "not_compared",
    )


def bomb(size_mb: int) -> bytes:
    """So many megabytes of zeros, deflated: one block, many times."""
    deflater = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = deflater.compress(bytes(MB)) + deflater.flush(zlib.Z_FULL_FLUSH)
    checksum = (size_mb * MB % 65_521 << 16 | 1).to_bytes(4)
    return (
        b"\x78\xda" + block * size_mb + zlib.compressobj(9, zlib.DEFLATED, -15).flush() + checksum
    )


@pytest.mark.parametrize(
    "entries",
    [
        b"/Type/ObjStm/N 1/First 9/Filter/FlateDecode",
        b"/Type/XRef/W [1 4 1]/Size 9/Root 1 0 R/Filter/FlateDecode",
    ],
)
def test_an_update_that_inflates_without_end_is_altered(entries: bytes) -> None:
    issued = plain()
    inflating = {next_number(issued): stream(bomb(1_000), entries)}
    assert judged(revision(issued, inflating), issued).verdict is ChangeVerdict.ALTERED


def test_a_page_that_inflates_without_end_is_not_compared() -> None:
    issued = stamped(letter({4: stream(bomb(2_000), b"/Filter/FlateDecode")}))
    found = judged(signed(issued), issued)
    assert (found.verdict, found.cause) == (ChangeVerdict.COVERED, "not_compared")


def test_issued_bytes_that_nobody_can_follow_are_not_compared() -> None:
    issued = plain()
    broken = issued.replace(b"xref\n0 1", b"xrfe\n0 1")
    found = judged(signed(broken), broken)
    assert (found.verdict, found.cause) == (ChangeVerdict.COVERED, "not_compared")
