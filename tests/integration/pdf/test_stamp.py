"""A stamped document: the original as a prefix, signatures that hold, in every kind of file."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Literal

import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from meterai.domain.errors import AlreadyStamped, SignatureMismatch, Unavailable
from meterai.domain.stamping.placement import Placement
from meterai.pdf.engines.chain import stamp
from tests.fixtures.documents.pki import authority, counting
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.remake import LETTER, SCAN
from tests.integration.pdf.judges import pdfsig_verdicts, poppler_text, qpdf_complaints
from tests.integration.pdf.preflight import preflight
from tests.integration.pdf.signature_judge import Coverage, JudgedSignature
from tests.integration.pdf.stamping import AT, BOX, HOST, a_spec, all_hold, checks, serial, stamped

pytestmark = pytest.mark.usefixtures("every_engine")

SIGNER = authority().signer


@pytest.mark.parametrize("path", [LETTER, SCAN], ids=["letter", "scan"])
def test_a_stamped_document_holds_before_every_judge(path: Path) -> None:
    original = path.read_bytes()
    made = stamped(original)
    assert made.startswith(original)
    assert checks(made) == [
        JudgedSignature(
            field=f"Emet{serial(1)}",
            serial=serial(1),
            intact=True,
            trusted=True,
            coverage=Coverage.WHOLE_FILE,
            signed_at=AT,
            reason=f"[{serial(1)}] Surat lamaran",
            subject="Meterai Uji",
            end_bytes=len(made),
            in_place=True,
            covers_revision=True,
        )
    ]
    (verdict,) = pdfsig_verdicts(made)
    assert (verdict.valid, verdict.trusted, verdict.covers_file) == (True, True, True)
    assert qpdf_complaints(made) == []


@pytest.mark.parametrize("original", [document(), encrypted(allow=pikepdf.Permissions())])
def test_each_signature_dictionary_names_its_serial_in_plain_bytes(original: bytes) -> None:
    """Also in an encrypted file, where the field's name is no plain text."""
    made = stamped(original, a_spec(1), a_spec(2))
    named = re.findall(rb"/XXEMeterai\s*/([0-9A-Z]{22})\b", made)
    assert [one.decode("ascii") for one in named] == [serial(1), serial(2)]
    assert all_hold(made, [f"Emet{serial(1)}", f"Emet{serial(2)}"])


def test_a_stamp_grows_the_document_by_less_than_fourteen_kilobytes() -> None:
    for original in (LETTER.read_bytes(), SCAN.read_bytes()):
        assert len(stamped(original)) - len(original) < 14_000


def test_a_second_stamp_shares_the_art_of_the_first() -> None:
    one, two = stamped(document()), stamped(document(), a_spec(1), a_spec(2))
    assert len(two) - len(one) < 8_000


def test_each_stamp_is_signed_once_within_the_key_services_limit() -> None:
    sign, messages = counting(SIGNER.sign)
    specs = [
        a_spec(1),
        a_spec(2, Placement(1, 100, 100, 60)),
        a_spec(3, Placement(1, 200, 500, 54)),
    ]
    stamp(document(), specs, certificate=SIGNER.certificate, sign=sign, at=AT, public_host=HOST)
    assert [len(message) <= 4096 for message in messages] == [True] * 3
    assert len(set(messages)) == 3


def test_every_stamp_holds_after_the_next() -> None:
    made = stamped(LETTER.read_bytes(), a_spec(1), a_spec(2, Placement(-1, 100, 100, 60)))
    first, second = checks(made)
    assert (first.serial, first.holds, first.coverage) == (serial(1), True, Coverage.EXTENDED)
    assert (second.serial, second.holds, second.coverage) == (serial(2), True, Coverage.WHOLE_FILE)
    assert [verdict.valid for verdict in pdfsig_verdicts(made)] == [True, True]
    assert qpdf_complaints(made) == []


def test_stamping_twice_over_is_the_same_as_stamping_later() -> None:
    once = stamped(stamped(LETTER.read_bytes(), a_spec(1)), a_spec(2))
    assert all_hold(once, [f"Emet{serial(1)}", f"Emet{serial(2)}"])


def test_the_same_stamping_gives_the_same_bytes() -> None:
    for original in (document(), LETTER.read_bytes(), _with_object_streams()):
        assert stamped(original, a_spec(1), a_spec(2)) == stamped(original, a_spec(1), a_spec(2))


def test_a_serial_is_not_put_on_a_document_twice() -> None:
    with pytest.raises(AlreadyStamped):
        stamped(stamped(document(), a_spec(1)), a_spec(1))
    with pytest.raises(AlreadyStamped):
        stamped(document(), a_spec(1), a_spec(1))


def test_an_answer_that_does_not_verify_is_never_returned() -> None:
    with pytest.raises(SignatureMismatch):
        stamp(
            document(),
            [a_spec()],
            certificate=SIGNER.certificate,
            sign=authority().person.sign,
            at=AT,
            public_host=HOST,
        )


def test_what_the_key_service_raises_comes_through_as_it_is() -> None:
    for raised in (Unavailable(party="kms"), KeyError("a defect of ours")):

        def failing(_: bytes, raised: Exception = raised) -> bytes:
            raise raised

        with pytest.raises(type(raised)):
            stamp(
                document(),
                [a_spec()],
                certificate=SIGNER.certificate,
                sign=failing,
                at=AT,
                public_host=HOST,
            )


def test_without_specs_the_document_is_returned_unchanged() -> None:
    nothing = stamp(
        document(), [], certificate=SIGNER.certificate, sign=SIGNER.sign, at=AT, public_host=HOST
    )
    assert nothing == document()


def test_cross_references_keep_their_kind() -> None:
    """ISO 32000-1, 7.5.8.4 and PDF/A: a file with a stream is continued with one."""
    for original, has_stream in ((document(), False), (_with_object_streams(), True)):
        made = stamped(original)
        assert PdfFileReader(BytesIO(made)).has_xref_stream is has_stream
        assert (b"\nxref\n" in made[len(original) :]) is not has_stream
        assert all_hold(made, [f"Emet{serial(1)}"])
        assert qpdf_complaints(made) == []


@pytest.mark.parametrize("revision", [3, 4, 6])
def test_an_encrypted_document_that_allows_signing_is_stamped(revision: Literal[3, 4, 6]) -> None:
    allowed = encrypted(allow=pikepdf.Permissions(extract=False), revision=revision)
    assert preflight(allowed, [BOX]).page_count == 1
    made = stamped(allowed, a_spec(1), a_spec(2))
    assert all_hold(made, [f"Emet{serial(1)}", f"Emet{serial(2)}"])
    assert [verdict.valid for verdict in pdfsig_verdicts(made)] == [True, True]
    assert qpdf_complaints(made) == []
    assert "METERAI ELEKTRONIK" in poppler_text(made)


def test_the_field_says_what_it_is_and_cannot_be_moved() -> None:
    made = stamped(document(), a_spec(reason="Pernyataan 5 poin: \N{CHECK MARK}"))
    said = f"Meterai elektronik {serial(1)}"
    with _opened(made) as (field, signature, form):
        assert str(field.T) == f"Emet{serial(1)}"
        assert (str(field.TU), str(field.Contents)) == (said, said)
        assert int(field.F) == 4 | 128
        assert [float(number) for number in field.Rect] == [300, 250, 380, 330]
        assert str(signature.SubFilter) == "/ETSI.CAdES.detached"
        assert str(signature.Reason) == f"[{serial(1)}] Pernyataan 5 poin: \N{CHECK MARK}"
        assert str(signature.M) == "D:20261124073000Z"
        assert str(signature.Name) == "Meterai"
        assert "/Reference" not in signature
        assert int(form.SigFlags) == 3


def test_the_extension_is_declared_below_pdf_2_only() -> None:
    made = stamped(document())
    with pikepdf.open(BytesIO(made)) as opened:
        assert int(opened.Root.Extensions.ESIC.ExtensionLevel) == 1
        assert str(opened.Root.Version) == "/1.7"
    newer = stamped(document().replace(b"%PDF-1.6", b"%PDF-2.0"))
    with pikepdf.open(BytesIO(newer)) as opened:
        assert "/Extensions" not in opened.Root
        assert "/Version" not in opened.Root


def test_need_appearances_is_taken_away() -> None:
    with _opened(stamped(document(form="/Fields[]/NeedAppearances true"))) as (_, _, form):
        assert "/NeedAppearances" not in form


def test_info_and_metadata_stay_as_they_are() -> None:
    original = LETTER.read_bytes()
    made = stamped(original)
    assert b"/ModDate" not in made[len(original) :]
    assert b"/Metadata" not in made[len(original) :]


def test_the_words_can_be_read_out() -> None:
    lines = poppler_text(stamped(document())).split("\n")
    for words in (
        "METERAI ELEKTRONIK",
        "SEPULUH RIBU RUPIAH",
        "10000",
        "SPESIMEN",
        serial(1),
    ):
        assert words in lines


@contextmanager
def _opened(made: bytes) -> Iterator[tuple[pikepdf.Object, pikepdf.Object, pikepdf.Object]]:
    """The last field, its signature, and the form."""
    with pikepdf.open(BytesIO(made)) as opened:
        form = opened.Root.AcroForm
        field = form.Fields[len(form.Fields) - 1]
        yield field, field.V, form


def _with_object_streams() -> bytes:
    made = BytesIO()
    with pikepdf.open(BytesIO(document())) as opened:
        opened.save(
            made, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True
        )
    return re.sub(rb"\s+$", b"", made.getvalue())
