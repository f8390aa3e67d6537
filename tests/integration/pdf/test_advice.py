"""What a person is told to do never destroys what their file bears."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace

import pytest

from meterai.domain.errors import DocumentDamaged, DocumentRefused, EarlierStampBroken
from meterai.domain.stamping.earlier_stamps import MAX_CHANGED_STAMPS, refuse_changed
from meterai.domain.stamping.placement_requests import PointPlacement
from meterai.domain.stamping.stampings import SerialState
from meterai.languages import Language
from meterai.pdf.preflight.preflight import PdfPreflight
from meterai.pdf.signature_traces import ADVICE_DEPENDS, Bears, bears
from meterai.problems import PROBLEMS
from tests.fixtures.documents.pki import authority
from tests.fixtures.documents.plain import assemble, document
from tests.fixtures.documents.refused import encrypted
from tests.fixtures.documents.signed import signed_by
from tests.fixtures.documents.usage_rights import USAGE_RIGHTS
from tests.integration.pdf.attacks.letters import CONTENT_STREAM as TEXT
from tests.integration.pdf.attacks.letters import EVIL, letter
from tests.integration.pdf.attacks.updates import revision
from tests.integration.pdf.records import Records
from tests.integration.pdf.stamping import BOX, a_spec, serial, stamped

PREFLIGHT = PdfPreflight(portal_limit_bytes=800_000)
ABOVE = replace(BOX, y_pt=420)
SIGNED = signed_by(authority().person, document())
STAMPED = stamped(document())
XFA = "/XFA(<xdp/>)/Fields[]"


def with_usage_rights(form: str = "") -> bytes:
    return document(catalog="/Perms<</UR3 100 0 R>>", form=form, objects={100: USAGE_RIGHTS})


DESTROYS = {
    Language.ENGLISH: (
        "Print it to",
        "Save it without",
        "Save the document",
        "fill in and save",
        "Make the PDF anew",
    ),
    Language.INDONESIAN: (
        "Cetak ulang",
        "Cetak ke PDF",
        "Simpan tanpa",
        "Simpan dokumen",
        "isi dan simpan",
        "Buat ulang",
    ),
}


def undrawn(original: bytes) -> bytes:
    """With an update after which each reader draws the form's values."""
    form = b"/AcroForm<</Fields[100 0 R]/NeedAppearances true/DA(/F1 12 Tf 0 g)>>"
    pages = re.findall(rb"/Pages \d+ 0 R", original)[-1]
    (root,) = set(re.findall(rb"/Root (\d+) 0 R", original))
    field = b"<</FT/Tx/T(isian)/V(Rp 5.000)/Type/Annot/Subtype/Widget/F 4/Rect[60 600 260 620]>>"
    catalog = b"<</Type/Catalog%b%b>>" % (pages, form)
    return revision(original, {int(root): catalog, 100: field})


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
    "values that are not drawn": (undrawn(document()), Bears.NOTHING),
    "stamped, then values that are not drawn": (undrawn(STAMPED), Bears.EMETERAI),
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
        assert _says(sentence, DESTROYS[language]) == (found is Bears.NOTHING)
        assert ("e-meterai" in sentence) == (found is Bears.EMETERAI)


@pytest.mark.parametrize("refusal", ADVICE_DEPENDS)
def test_advice_that_destroys_has_others_for_what_a_file_bears(
    refusal: type[DocumentRefused],
) -> None:
    problem = PROBLEMS[refusal.code]
    for language, words in DESTROYS.items():
        assert _says(problem.detail.in_language(language), words)
        for text in (problem.of_signed, problem.of_stamped):
            assert text is not None
            assert not _says(text.in_language(language), words)


def test_no_other_advice_on_documents_destroys() -> None:
    depends = {refusal.code for refusal in ADVICE_DEPENDS}
    destroys = {
        code
        for code, problem in PROBLEMS.items()
        for language, words in DESTROYS.items()
        if _says(problem.detail.in_language(language), words)
    }
    assert destroys == depends


def _says(sentence: str, any_of: Iterable[str]) -> bool:
    return any(words in sentence for words in any_of)


def test_where_the_page_itself_is_in_the_way_another_page_is_advised() -> None:
    """Got again, the file would be refused again."""
    page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>"
    original = assemble(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: f"<</Type/Pages/Count 2/Kids[3 0 R{page}]>>",
            3: page,
        }
    )
    for content in (signed_by(authority().person, original), stamped(original)):
        with pytest.raises(DocumentDamaged) as refused:
            PREFLIGHT(content, [PointPlacement(2, 300, 250, 80)], allow_overlap=False)
        values, problem = refused.value.values, PROBLEMS["document_damaged"]
        assert values["cause"] == "page_not_indirect"
        assert "choose another page" in problem.sentence(values, Language.ENGLISH)
        assert "pilih halaman lain" in problem.sentence(values, Language.INDONESIAN)


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
def test_an_earlier_emeterai_that_is_broken_is_told(broken: bytes) -> None:
    facts = PREFLIGHT(broken, (), allow_overlap=False)
    assert facts.changed_stamps[0] == serial(1)
    (finding,) = (one for one in facts.findings if one.code == "changed_emeterai")
    assert finding.values == {"serial": serial(1)}


CHANGED = revision(stamped(letter()), {4: EVIL})
LOOKALIKE = signed_by(authority().person, CHANGED, field=f"Emet{serial(9)}")


@pytest.mark.parametrize(
    ("file", "numbers"),
    [
        pytest.param(CHANGED, [1], id="changed"),
        pytest.param(
            revision(stamped(CHANGED, a_spec(2, ABOVE)), {4: TEXT}), [1, 2], id="changed twice"
        ),
        pytest.param(LOOKALIKE, [1], id="changed, then signed under another serial"),
        pytest.param(STAMPED, [], id="as issued"),
        pytest.param(signed_by(authority().person, STAMPED), [], id="signed later"),
        pytest.param(stamped(STAMPED, a_spec(2, ABOVE)), [], id="stamped again"),
    ],
)
def test_an_earlier_emeterai_that_is_changed_or_covered_later_is_told(
    file: bytes, numbers: list[int]
) -> None:
    assert PREFLIGHT(file, (), allow_overlap=False).changed_stamps == tuple(map(serial, numbers))


def test_only_an_emeterai_on_record_that_no_longer_holds_is_refused() -> None:
    """What looks like one and is not ours blocks nobody; a file as issued holds by its hash."""
    records = Records()
    issued = records.issue(letter())
    changed = revision(issued, {4: EVIL})
    facts = PREFLIGHT(changed, (), allow_overlap=False)
    with pytest.raises(EarlierStampBroken) as refused:
        refuse_changed(sha256(changed), facts, records.get_many)
    assert refused.value.values == {"serial": serial(1)}
    refuse_changed(sha256(issued), facts, records.get_many)
    refuse_changed(sha256(changed), facts, Records().get_many)
    many = replace(facts, changed_stamps=tuple(map(serial, range(1, MAX_CHANGED_STAMPS + 2))))
    with pytest.raises(EarlierStampBroken):
        refuse_changed(sha256(changed), many, Records().get_many)
    records.change(1, state=SerialState.VOID, outputs=())
    refuse_changed(sha256(changed), facts, records.get_many)


def sha256(file: bytes) -> str:
    return hashlib.sha256(file).hexdigest()
