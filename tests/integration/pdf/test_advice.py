"""What a person is told to do never destroys what their file bears."""

from dataclasses import replace

import pytest

from meterai.domain.errors import DocumentRefused, EarlierStampBroken
from meterai.languages import Language
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.signature_traces import Bears, bears
from meterai.problems import PROBLEMS
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.signed import signed_by
from tests.fixtures.documents.usage_rights import USAGE_RIGHTS
from tests.integration.pdf.attacks.letters import CONTENT_STREAM as TEXT
from tests.integration.pdf.attacks.letters import EVIL, letter
from tests.integration.pdf.attacks.updates import revision
from tests.integration.pdf.stamping import BOX, a_spec, serial, stamped

PREFLIGHT = PdfPreflight(portal_limit_bytes=800_000)
ABOVE = replace(BOX, y_pt=420)
SIGNED = signed_by(authority().person, document())
STAMPED = stamped(document())
XFA = "/XFA(<xdp/>)/Fields[]"


def with_usage_rights(form: str = "") -> bytes:
    return document(catalog="/Perms<</UR3 100 0 R>>", form=form, objects={100: USAGE_RIGHTS})


DESTROYS = {
    Language.ENGLISH: ("Print it to", "Save it without"),
    Language.INDONESIAN: ("Cetak ulang", "Cetak ke PDF", "Simpan tanpa"),
}

UNREADABLE: dict[str, tuple[bytes, Bears]] = {
    "cut off": (document()[:-40], Bears.NOTHING),
    "an XFA form": (document(form=XFA), Bears.NOTHING),
    "an XFA form with usage rights": (with_usage_rights(XFA), Bears.NOTHING),
    "a password": (encrypted(user="rahasia"), Bears.NOTHING),
    "signed, cut off": (SIGNED[:-40], Bears.SIGNATURE),
    "signed, cut off within the signature": (
        SIGNED[: SIGNED.rindex(b"/Contents") + 200],
        Bears.SIGNATURE,
    ),
    "signed, a line end before it": (b"\r\n" + SIGNED, Bears.SIGNATURE),
    "signed, a mail before it": (b"MIME-Version: 1.0\n" * 80 + SIGNED, Bears.SIGNATURE),
    "signed, with usage rights, cut off": (
        signed_by(authority().person, with_usage_rights())[:-40],
        Bears.SIGNATURE,
    ),
    "stamped, cut off": (STAMPED[:-40], Bears.EMETERAI),
    "stamped and signed, cut off": (signed_by(authority().person, STAMPED)[:-40], Bears.EMETERAI),
    "stamped, with an XFA form": (STAMPED.replace(b"/Fields", b"/XFA()/Fields"), Bears.EMETERAI),
}


@pytest.mark.parametrize(("content", "found"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_a_file_bears_chooses_the_advice(content: bytes, found: Bears) -> None:
    assert bears(content) is found
    with pytest.raises(DocumentRefused) as refused:
        PREFLIGHT(content, (), allow_overlap=False)
    values, problem = refused.value.values, PROBLEMS[refused.value.code]
    assert values.get("bears", "nothing") == found.value
    for language in Language:
        sentence = problem.sentence(values, language)
        destroys = any(words in sentence for words in DESTROYS[language])
        assert destroys == (found is Bears.NOTHING)
        assert ("e-meterai" in sentence) == (found is Bears.EMETERAI)


def test_a_file_that_bears_anything_is_to_be_got_again() -> None:
    sentences = {
        name: PROBLEMS["document_damaged"].sentence({"bears": name}, Language.ENGLISH)
        for name in ("signature", "emeterai")
    }
    assert "Get the original file again" in sentences["signature"]
    assert "Fetch the download again" in sentences["emeterai"]


def test_ordinary_files_bear_nothing_or_what_they_say() -> None:
    assert [bears(one) for one in (document(), SIGNED, STAMPED)] == list(Bears)
    assert bears(with_usage_rights()) is Bears.NOTHING


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(STAMPED.replace(b"841.89", b"841.88"), id="a byte"),
        pytest.param(
            STAMPED.replace(b"/ByteRange[0 ", b"/ByteRange[1 "), id="a byte range that begins later"
        ),
        pytest.param(
            stamped(document(), a_spec(1), a_spec(2)).replace(b"841.89", b"841.88"),
            id="the first of two",
        ),
    ],
)
def test_a_file_whose_earlier_emeterai_is_broken_is_refused(broken: bytes) -> None:
    with pytest.raises(EarlierStampBroken) as refused:
        PREFLIGHT(broken, (), allow_overlap=False)
    assert refused.value.values == {"serial": serial(1)}


def test_a_file_whose_earlier_emeterai_is_changed_or_covered_later_is_refused() -> None:
    first = stamped(letter())
    second = stamped(revision(first, {4: EVIL}), a_spec(2, ABOVE))
    for changed, number in ((revision(first, {4: EVIL}), 1), (revision(second, {4: TEXT}), 2)):
        with pytest.raises(EarlierStampBroken) as refused:
            PREFLIGHT(changed, (), allow_overlap=False)
        assert refused.value.values == {"serial": serial(number)}


@pytest.mark.parametrize("later", [STAMPED, signed_by(authority().person, STAMPED)])
def test_a_file_whose_earlier_emeterai_holds_is_not(later: bytes) -> None:
    assert PREFLIGHT(later, (), allow_overlap=False).already_stamped == (serial(1),)
