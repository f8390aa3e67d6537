"""What a portal learns about a file: genuine, altered, copied, not stamped."""

from datetime import UTC, datetime
from io import BytesIO
from random import Random

import pikepdf
import pytest

from meterai.domain.errors import DocumentDamaged, DocumentEncrypted, MeteraiError, NotAPdf
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.remake import LETTER
from tests.integration.pdf.signature_judge import Coverage, judged_signatures
from tests.integration.pdf.stamping import checks, serial, stamped

STAMPED = stamped(LETTER.read_bytes())
RANDOM = Random(20240903)


def test_an_unsigned_file_has_no_findings() -> None:
    assert checks(LETTER.read_bytes()) == []


@pytest.mark.parametrize("offset", [RANDOM.randrange(10, len(STAMPED) - 10) for _ in range(60)])
def test_no_changed_byte_goes_unnoticed(offset: int) -> None:
    changed = bytearray(STAMPED)
    changed[offset] ^= 0x08
    try:
        found = checks(bytes(changed))
    except MeteraiError:
        return
    assert not any(one.holds and one.serial == serial(1) for one in found)


def test_a_page_changed_in_place_makes_the_stamp_not_intact() -> None:
    at = STAMPED.index(b"/MediaBox[0 0 595")
    changed = STAMPED[:at] + b"/MediaBox[0 0 295" + STAMPED[at + 17 :]
    (found,) = checks(changed)
    assert (found.intact, found.holds, found.serial) == (False, False, serial(1))


def test_a_later_revision_that_changes_a_page_alters_the_document() -> None:
    update = _appended(STAMPED, "/Type/Page", "/Contents", "null")
    (found,) = checks(update)
    assert (found.intact, found.coverage, found.holds) == (True, Coverage.ALTERED, False)


def test_a_later_revision_that_moves_the_stamp_alters_the_document() -> None:
    update = _appended(STAMPED, "/FT/Sig", "/Rect", "[0 0 500 500]")
    (found,) = checks(update)
    assert (found.intact, found.coverage, found.holds) == (True, Coverage.ALTERED, False)


def test_bytes_after_the_end_are_not_covered() -> None:
    (found,) = checks(STAMPED + b"\n% more\n")
    assert found.coverage is not Coverage.WHOLE_FILE


def test_a_stamp_copied_to_another_document_is_not_intact() -> None:
    made = BytesIO()
    with pikepdf.open(BytesIO(STAMPED)) as source, pikepdf.open(BytesIO(document())) as other:
        other.Root.AcroForm = other.copy_foreign(source.Root.AcroForm)
        other.save(made)
    assert not any(one.holds for one in checks(made.getvalue()))


def test_an_unknown_issuer_is_not_trusted() -> None:
    (found,) = judged_signatures(STAMPED, roots=[])
    assert (found.intact, found.trusted, found.holds) == (True, False, False)


def test_a_certificate_is_judged_at_the_time_that_the_stamp_states() -> None:
    for year, trusted in ((2023, False), (2025, True), (2029, True), (2031, False)):
        (found,) = checks(stamped(document(), at=datetime(year, 6, 1, tzinfo=UTC)))
        assert (found.intact, found.trusted) == (True, trusted)


def test_a_person_cannot_stamp() -> None:
    """A field may have any name; the certificate decides."""
    made = stamped(document(), signer=authority().person)
    (found,) = judged_signatures(made, roots=[authority().signer.certificate.der])
    assert (found.serial, found.trusted) == (serial(1), False)


@pytest.mark.parametrize(
    "contents", ["<>", "<00>", "<3080>", "(not hexadecimal)", "/Name", "<30030201>", "<30820fff>"]
)
def test_a_signature_that_cannot_be_parsed_does_not_hold(contents: str) -> None:
    signature = f"<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Contents{contents}"
    hostile = document(
        form="/Fields[100 0 R]",
        objects={
            100: f"<</FT/Sig/T(Emet{serial(1)})/V 101 0 R>>",
            101: f"{signature}/ByteRange[0 10 20 30]/M(D:00000000)>>",
        },
    )
    (found,) = checks(hostile)
    assert (found.intact, found.trusted, found.holds) == (False, False, False)
    assert found.problem is not None


def test_a_larger_gap_in_the_byte_range_is_not_whole() -> None:
    """The range must leave out the signature's value and nothing more."""
    start = STAMPED.index(b"/ByteRange[") + len(b"/ByteRange[")
    end = STAMPED.index(b"]", start)
    zero, first, second, last = map(int, STAMPED[start:end].split())
    wider = b"%d %d %d %d" % (zero, first - 100, second, last)
    (found,) = checks(STAMPED[:start] + wider.ljust(end - start) + STAMPED[end:])
    assert (found.intact, found.coverage) == (False, Coverage.PARTIAL)


def test_what_is_no_readable_pdf_is_refused() -> None:
    with pytest.raises(NotAPdf):
        checks(b"Dengan hormat")
    with pytest.raises(DocumentDamaged):
        checks(STAMPED[: len(STAMPED) // 2])
    with pytest.raises(DocumentEncrypted):
        checks(encrypted(user="rahasia"))


def _appended(document: bytes, marker: str, key: str, value: str) -> bytes:
    """An update that rewrites the first object with `marker`, its entry `key` replaced."""
    from pyhanko.pdf_utils.generic import NullObject, pdf_name, read_object
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(BytesIO(document), strict=False)
    if marker == "/Type/Page":
        target = writer.find_page_for_modification(0)[0].get_object()
    else:
        target = writer.root["/AcroForm"]["/Fields"][0]
    parsed = read_object(BytesIO(value.encode() + b" "), writer.prev.root_ref)
    target[pdf_name(key)] = parsed if value != "null" else NullObject()
    writer.update_container(target)
    made = BytesIO()
    writer.write(made)
    return made.getvalue()
