"""Verdicts on stamped files and on what became of them, by the step with its real readers."""

import zlib
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from random import Random

import pikepdf
import pytest

from meterai.domain.metrics import Metric
from meterai.domain.stamping.outputs import Output
from meterai.domain.stamping.stampings import SerialState
from meterai.domain.stamping.verdicts import Verdict
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import assemble, document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.remake import LETTER
from tests.fixtures.documents.signed import signed_by
from tests.integration.pdf.attacks.letters import EVIL, letter
from tests.integration.pdf.attacks.updates import body_of, revision
from tests.integration.pdf.records import ELSEWHERE, Records
from tests.integration.pdf.stamping import BOX, a_spec, serial, stamped

ABOVE = replace(BOX, y_pt=420)
RANDOM = Random(20261130)
NO_STREAM = "<</Filter/FlateDecode/Length 5>>stream\nxxxxx\nendstream"
TEXT_FIELD = "<</FT/Tx/T(nama)/V(x)/Type/Annot/Subtype/Widget/F 4/Rect[50 %d 200 %d]/P 10 0 R>>"


def with_stray_entry() -> bytes:
    """Its table says that object 100 begins within another one."""
    made = document(catalog="/Rest 100 0 R", objects={100: "<</Y 1>>"})
    at = made.index(b"100 0 obj")
    return made.replace(b"%010d 00000 n" % at, b"0000000020 00000 n")


def with_direct_page() -> bytes:
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    return assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: f"<</Type/Pages/Count 2/Kids[3 0 R{page}]>>",
            3: page,
        }
    )


def with_unsorted_index() -> bytes:
    """A cross-reference stream whose sections are not in order."""
    bodies = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
    ]
    made, starts = b"%PDF-1.7\n", []
    for number, body in enumerate(bodies, 1):
        starts.append(len(made))
        made += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    rows = [b"\1%b\0\0" % at.to_bytes(4, "big") for at in (starts[2], len(made), *starts[:2])]
    table, at = zlib.compress(b"".join(rows)), len(made)
    return made + (
        b"4 0 obj\n<</Type/XRef/W[1 4 2]/Index[3 2 1 2]/Size 5/Root 1 0 R/Filter/FlateDecode"
        b"/Length %d>>stream\n%b\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
    ) % (len(table), table, at)


ODD: dict[str, Callable[[], bytes]] = {
    "letter": LETTER.read_bytes,
    "a field's name twice": lambda: document(
        form="/Fields[100 0 R 101 0 R]",
        objects={100: TEXT_FIELD % (300, 320), 101: TEXT_FIELD % (400, 420)},
    ),
    "a name with a high byte": lambda: document(catalog="/Gb\xbb\xaa 1"),
    "an entry that leads elsewhere": with_stray_entry,
    "a page that is no object": with_direct_page,
    "validation data that cannot be inflated": lambda: document(
        catalog="/DSS 100 0 R", objects={100: "<</Certs[101 0 R]>>", 101: NO_STREAM}
    ),
    "an index that is not in order": with_unsorted_index,
    "encrypted": lambda: encrypted(allow=pikepdf.Permissions()),
    "signed by a person": lambda: signed_by(authority().person, document()),
}


@pytest.mark.parametrize("name", ODD)
def test_a_file_on_record_is_genuine_and_nothing_is_parsed(name: str) -> None:
    """Also a second stamping on it: the two prove each other."""
    records = Records()
    first = records.issue(ODD[name](), BOX, ELSEWHERE)
    second = records.issue(first, ABOVE)
    for file, count in ((first, 2), (second, 3)):
        result = records.verdict(file)
        assert (result.verdict, result.cause, result.proven) == ("genuine", None, count)
        assert {stamp.signer for stamp in result.stamps} == {"Meterai Uji"}
        assert records.stamp_reader.calls == []


@pytest.mark.parametrize("name", ODD)
def test_a_truncated_file_is_altered_because_its_end_is_missing(name: str) -> None:
    """As long as the serial is still there to be read, whatever readers make of the rest."""
    records = Records()
    made = records.issue(ODD[name]())
    named_at = made.rindex(b"/XXEMeterai")
    for size in (len(made) - 1, len(made) - 700, named_at + 40):
        result = records.verdict(made[:size])
        assert (result.verdict, result.cause) == ("altered", "incomplete")
    assert records.verdict(made[: named_at + 8]).proven == 0


def test_no_changed_byte_is_as_issued() -> None:
    records = Records()
    made = records.issue(LETTER.read_bytes())
    for offset in RANDOM.sample(range(9, len(made)), 25):
        changed = bytearray(made)
        changed[offset] ^= 0x08
        assert records.verdict(bytes(changed)).proven == 0


def test_a_changed_byte_and_a_file_saved_anew_have_different_causes() -> None:
    records = Records()
    made = records.issue(letter())
    changed = made.replace(b"/MediaBox [0 0 595", b"/MediaBox [0 0 295")
    assert changed != made
    found = records.verdict(changed)
    assert (found.verdict, found.cause, found.stamps[0].certificate) == (
        "altered",
        "changed",
        "ours",
    )
    for mode in (pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate):
        saved = BytesIO()
        with pikepdf.open(BytesIO(made)) as opened:
            opened.save(saved, object_stream_mode=mode)
        found = records.verdict(saved.getvalue())
        assert (found.verdict, found.cause) == ("altered", "rewritten")
    assert records.alarms == []


def test_later_signatures_of_others_extend_the_file() -> None:
    records = Records()
    first = records.issue(letter(), BOX)
    signed = signed_by(authority().person, first)
    result = records.verdict(signed)
    assert (result.verdict, result.proven, records.stamp_reader.calls) == (
        "extended",
        1,
        ["later_changes"],
    )
    assert [(one.what, one.signer) for one in result.changes] == [("signature", "Siti Contoh")]
    between = records.issue(signed, ABOVE)
    verdicts = [one.verdict for one in records.verdict(between).stamps]
    assert verdicts == [Verdict.EXTENDED, Verdict.GENUINE]


def test_a_page_changed_between_two_stampings_is_never_genuine() -> None:
    records = Records()
    first = records.issue(letter())
    second = records.issue(changed_page(first), ABOVE)
    result = records.verdict(second)
    assert [one.verdict for one in result.stamps] == [Verdict.ALTERED, Verdict.GENUINE]
    assert (result.verdict, result.cause, result.proven) == ("altered", "changed", 1)


def test_a_page_that_is_changed_later_alters_the_file() -> None:
    records = Records()
    first = records.issue(letter())
    for file in (changed_page(first), changed_page(records.issue(first, ABOVE))):
        result = records.verdict(file)
        assert (result.verdict, result.cause, result.proven) == ("altered", "changed", 0)


def changed_page(file: bytes) -> bytes:
    """It shows another amount in a later revision."""
    assert b"4 0 R" in body_of(file, 3)
    return revision(file, {4: EVIL})


def test_an_augmented_file_is_on_record_too() -> None:
    records = Records()
    made = records.issue(letter())
    augmented = made + b"% as if augmented\n"
    records.change(1, outputs=(Output.of(made), Output.of(augmented)))
    again = records.issue(augmented, ABOVE)
    for file in (made, augmented, again):
        assert records.verdict(file).verdict is Verdict.GENUINE
    assert records.stamp_reader.calls == []


def test_without_a_recorded_size_our_signature_proves_its_revision() -> None:
    records = Records()
    made = records.issue(letter())
    records.change(1, outputs=(replace(Output.of(made), size_bytes=None),))
    assert records.verdict(made).verdict is Verdict.GENUINE
    for file, verdict in (
        (signed_by(authority().person, made), "extended"),
        (changed_page(made), "altered"),
    ):
        result = records.verdict(file)
        assert (result.verdict, result.stamps[0].integrity) == (verdict, "intact")
        assert (result.stamps[0].fact.signer if result.stamps[0].fact else None) == "Meterai Uji"


def test_a_crowd_of_other_serials_hides_none_of_ours() -> None:
    """More serials are named than are looked up; ours is then found by reading its signature."""
    crowd = " ".join(f"Emet{serial(number)}" for number in range(100, 220))
    records = Records()
    made = records.issue(document(objects={100: f"({crowd})"}))
    hidden = revision(made, {101: f"({crowd[::-1]} {crowd})".encode()})
    assert serial(1) not in {one.serial for one in records.stamp_reader.named_serials(hidden)}
    result = records.verdict(hidden)
    (stamp,) = result.stamps
    assert (stamp.serial, stamp.as_issued) == (serial(1), True)
    assert records.stamp_reader.calls == ["signatures", "later_changes"]


def test_our_signature_on_a_file_that_was_not_issued_raises_the_alarm() -> None:
    records = Records()
    made = stamped(letter(), a_spec(1))
    assert records.verdict(made).verdict is Verdict.UNRECORDED
    records.add(letter(), made, serial(1))
    records.change(1, state=SerialState.VOID, outputs=())
    assert records.verdict(made).verdict is Verdict.WITHDRAWN
    assert records.alarms == [Metric.SIGNED_NOT_ISSUED] * 2
    broken = made.replace(b"/MediaBox [0 0 595", b"/MediaBox [0 0 295")
    assert records.verdict(broken).verdict is Verdict.ALTERED
    assert len(records.alarms) == 2


def test_a_stamp_of_another_signer_is_a_copy_as_long_as_it_shows_our_code() -> None:
    """Also where it names a serial of ours; it raises no alarm."""
    records = Records()
    records.issue(letter())
    made = stamped(letter(), a_spec(1), signer=authority().person)
    result = records.verdict(made)
    assert (result.verdict, result.proven, records.alarms) == ("copy", 0, [])
    assert [one.verdict for one in result.stamps] == ["copy"]
    assert records.verdict(signed_by(authority().person, letter())).verdict is Verdict.FOREIGN


def test_files_without_anything_of_ours() -> None:
    records = Records()
    records.issue(letter())
    mentioned = document(catalog=f"/Lang(see Emet{serial(1)})")
    for file, verdict, cause in (
        (letter(), "not_stamped", None),
        (mentioned, "not_stamped", None),
        (b"Dengan hormat", "unreadable", "not_a_pdf"),
        (letter()[:100], "unreadable", "document_damaged"),
        (encrypted(user="rahasia"), "unreadable", "document_encrypted"),
    ):
        result = records.verdict(file)
        assert (result.verdict, result.cause, result.stamps) == (verdict, cause, ())


def test_a_stamp_copied_to_another_document_is_altered() -> None:
    records = Records()
    made = BytesIO()
    issued = records.issue(LETTER.read_bytes())
    with pikepdf.open(BytesIO(issued)) as source, pikepdf.open(BytesIO(document())) as other:
        other.Root.AcroForm = other.copy_foreign(source.Root.AcroForm)
        other.save(made)
    assert records.verdict(made.getvalue()).verdict is Verdict.ALTERED
