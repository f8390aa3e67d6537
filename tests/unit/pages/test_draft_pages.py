"""Drafts, their documents, what mends these, and files on their way."""

import re
from datetime import timedelta

import pytest

from meterai.domain.drafts.drafts import DraftDocument
from meterai.domain.orders.orders import MAX_QUANTITY
from meterai.domain.stamping.stampings import DocumentKind
from tests.fakes.in_memory_state import SentFile
from tests.fakes.stamper import DAMAGED
from tests.unit.pages.applying import (
    DRAFT,
    ID,
    LETTER,
    PLACE,
    begun,
    only_document,
    stored,
    uploaded,
)
from tests.unit.pages.browser import ACCOUNT, Browser

DRAFTS = "/saya/pengajuan"
DOCUMENT = f"{DRAFT}/dokumen/1"
NASTY = "<script>alert(1)</script> \u202efdp.exe " + "x" * 90


def test_a_draft_is_begun_once_by_a_double_click_and_listed(browser: Browser) -> None:
    first, again = browser.post(DRAFTS), browser.post(DRAFTS)

    assert first.to == again.to
    assert first.to in browser.get(DRAFTS).html
    assert "Belum ada dokumen" in browser.get(DRAFTS).text


def test_nobody_begins_a_draft_for_somebody_else(browser: Browser) -> None:
    assert browser.post(DRAFTS, token="forged").status == 403
    browser.account = None
    assert browser.get(DRAFTS).to == f"/masuk?ke={DRAFTS}"


def test_a_draft_is_listed_until_it_is_ordered(browser: Browser) -> None:
    begun(browser, uploaded(browser, placement=PLACE))
    assert "Siap dibayar" in browser.get(DRAFTS).text

    begun(browser, uploaded(browser, placement=PLACE, stamping="S"))
    assert DRAFT not in browser.get(DRAFTS).html
    assert browser.get(DRAFT).to == f"{DRAFT}/proses"


def test_a_documents_state_is_said_and_leads_on(browser: Browser) -> None:
    begun(
        browser,
        uploaded(browser, placement=PLACE),
        uploaded(browser, b"%PDF-1.7 pernyataan", "pernyataan.pdf"),
    )
    page = browser.get(DRAFT)

    assert "surat.pdf 1 KB Siap halaman 2" in page.text
    assert "pernyataan.pdf 1 KB Belum ada tempat e-meterai" in page.text
    assert "setelah setiap dokumen punya tempat" in page.text
    assert browser.post(DRAFT, portal="").to == DRAFT


def test_a_portal_of_the_stack_is_chosen_on_the_way_on(browser: Browser) -> None:
    begun(browser, uploaded(browser, placement=PLACE))

    assert "SSCASN" in browser.get(DRAFT).text
    assert browser.post(DRAFT, portal="sscasn").to == f"{DRAFT}/ringkasan"
    assert stored(browser).portal == "sscasn"
    assert browser.post(DRAFT, portal="forged").to == DRAFT
    assert stored(browser).portal == "sscasn"
    browser.post(DRAFT, portal="")
    assert stored(browser).portal is None


def test_a_name_shows_no_markup_and_turns_no_text_around(browser: Browser) -> None:
    begun(browser, uploaded(browser, name=NASTY))
    for page in (DRAFTS, DRAFT, DOCUMENT, f"{DOCUMENT}/tempat"):
        assert "<script>alert" not in browser.get(page).html
        assert "&lt;script&gt;" in browser.get(page).html


# One document


def test_a_good_document_leads_to_its_place_and_has_a_kind(browser: Browser) -> None:
    begun(browser, uploaded(browser))
    page = browser.get(DOCUMENT)
    assert "Berkas ini dapat dibubuhi e-meterai" in page.text
    assert f'href="{DOCUMENT}/tempat"' in page.html

    sha256 = only_document(browser).sha256
    browser.post(DOCUMENT, dokumen=sha256, lakukan="jenis", jenis="4a")
    assert only_document(browser).kind is DocumentKind.RECEIPT
    browser.post(DOCUMENT, dokumen=sha256, lakukan="jenis", jenis="forged")
    assert only_document(browser).kind is DocumentKind.RECEIPT


def test_a_warning_is_said_in_words(browser: Browser) -> None:
    begun(browser, uploaded(browser, b"%PDF-1.7 /JavaScript"))
    assert "Peringatan Berkas ini memuat program (JavaScript)" in browser.get(DOCUMENT).text


def test_a_damaged_document_is_mended_by_a_button_and_placed_anew(browser: Browser) -> None:
    begun(browser, uploaded(browser, b"%PDF-1.7 " + DAMAGED))
    assert "PDF rusak" in browser.get(DOCUMENT).text
    assert f'href="{DOCUMENT}/tempat"' not in browser.get(DOCUMENT).html

    sha256 = only_document(browser).sha256
    mended = browser.post(DOCUMENT, dokumen=sha256, lakukan="perbaiki")
    assert mended.to == f"{DOCUMENT}/tempat"
    assert "Akan diperbaiki: PDF rusak" in browser.get(DOCUMENT).text

    begun(browser, uploaded(browser, b"%PDF-1.7 " + DAMAGED, repair=True, placement=PLACE))
    browser.post(DOCUMENT, dokumen=sha256, lakukan="jangan-perbaiki")
    assert (only_document(browser).repair, only_document(browser).placement) == (False, None)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"GIF89a", "Simpan dokumen sebagai PDF, lalu unggah."),
        (b"%PDF-1.7 /Encrypt", "Simpan tanpa kata sandi, lalu unggah."),
    ],
    ids=["no PDF", "encrypted"],
)
def test_what_nothing_here_mends_says_what_to_do_at_home(
    browser: Browser, content: bytes, said: str
) -> None:
    begun(browser, uploaded(browser, content))
    page = browser.get(DOCUMENT)

    assert said in page.text
    assert f'href="{DOCUMENT}/tempat"' not in page.html


def test_a_file_that_is_gone_is_no_dead_end(browser: Browser) -> None:
    begun(browser, DraftDocument("0" * 64, "lama.pdf", 1))
    assert "Hapus dari daftar, lalu unggah lagi." in browser.get(DOCUMENT).text


def test_a_file_that_is_gone_is_said_at_each_step_and_asked_for_again(browser: Browser) -> None:
    begun(browser, uploaded(browser, placement=PLACE))
    there, key = browser.get(DRAFT), (ACCOUNT, only_document(browser).sha256)
    back = sent(browser, LETTER)
    browser.app.state.pass_time(timedelta(days=31))
    del browser.app.state.documents[key]
    gone = browser.get(DRAFT)

    assert 'id="lanjut"' in there.html
    assert "surat.pdf 1 KB Berkas sudah terhapus" in gone.text
    assert "Unggah berkas yang sama sekali lagi" in gone.text
    assert 'id="lanjut"' not in gone.html
    assert "sudah tidak tersimpan" in browser.get(DOCUMENT).text
    assert browser.get(f"{DOCUMENT}/tempat").to == DOCUMENT
    assert browser.get(f"{DRAFT}/ringkasan").to == DRAFT
    assert browser.post(f"{DRAFT}/ringkasan", cara="qris").to == DRAFT
    assert not browser.app.state.orders

    assert browser.get(back).to == DRAFT
    assert "surat.pdf 1 KB Siap halaman 2" in browser.get(DRAFT).text
    assert only_document(browser).placement == PLACE


def test_a_document_is_removed_once_by_two_tabs(browser: Browser) -> None:
    begun(browser, uploaded(browser))
    sha256 = only_document(browser).sha256

    for _ in range(2):
        assert browser.post(DOCUMENT, dokumen=sha256, lakukan="hapus").to == DRAFT
    assert stored(browser).documents == ()
    assert browser.post(DOCUMENT, dokumen=sha256, lakukan="perbaiki").to == DRAFT
    assert browser.get(DOCUMENT).status == 404
    assert browser.get(f"{DRAFT}/dokumen/x").status == 404


# Files on their way


def sent(browser: Browser, content: bytes, name: str = "surat.pdf") -> str:
    """By the plain form: the address at which the bucket sends the browser back."""
    page = browser.get(DRAFT)
    [key] = re.findall(r'name="key" value="([^"]+)"', page.html)
    browser.app.state.incoming[key] = SentFile(name, content)
    return f"{DRAFT}/unggahan?bucket=documents&key={key}"


def test_a_file_becomes_a_document_also_when_the_page_is_loaded_again(browser: Browser) -> None:
    begun(browser)
    back = sent(browser, LETTER)

    assert browser.get(back).to == DOCUMENT
    assert browser.get(back).to == DRAFT
    assert only_document(browser).name == "surat.pdf"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\0\0\0\x18ftypheic", "pilih dari galeri foto"),
        (b"\x89PNG\r\n\x1a\n", "Simpan sebagai PDF atau JPEG, lalu unggah."),
        (b"%PDF-" + b"x" * 20_999_995, "Ukuran dokumen 21.000.000 byte"),
    ],
    ids=["HEIC", "PNG", "21 MB"],
)
def test_a_file_that_is_refused_says_so_at_the_field(
    browser: Browser, content: bytes, said: str
) -> None:
    begun(browser, uploaded(browser))
    page = browser.get(sent(browser, content))

    assert page.status == 422
    assert said in page.text
    assert 'aria-invalid="true"' in page.html
    assert only_document(browser).name == "surat.pdf"


def test_a_file_that_never_arrived_is_asked_for_again(browser: Browser) -> None:
    begun(browser)
    for forged in ("?key=forged", ""):
        page = browser.get(f"{DRAFT}/unggahan{forged}")
        assert "Pilih berkasnya sekali lagi" in page.text


def test_a_full_draft_offers_no_field_and_takes_no_file(browser: Browser) -> None:
    begun(browser)
    back = sent(browser, LETTER)
    begun(browser, *(uploaded(browser, f"%PDF-{n}".encode()) for n in range(MAX_QUANTITY)))

    assert "paling banyak 8 dokumen" in browser.get(DRAFT).text
    assert 'type="file"' not in browser.get(DRAFT).html
    assert "paling banyak 8 dokumen" in browser.get(back).text
    assert len(stored(browser).documents) == MAX_QUANTITY


def test_the_script_asks_where_to_send_a_file_and_has_it_added(browser: Browser) -> None:
    begun(browser)
    sha256 = browser.app.ports.documents.upload(ACCOUNT, LETTER)
    address = f"{DRAFT}/unggahan"

    offered = browser.post(address, sha256=sha256, ukuran=str(len(LETTER)))
    assert f'name="key" value="{sha256}"' in offered.html
    assert browser.post(address, sha256=sha256, nama="surat.pdf").to == DOCUMENT
    assert browser.post(address, sha256=sha256, nama="surat.pdf").to == DRAFT
    assert only_document(browser).sha256 == sha256


def test_the_script_is_refused_in_the_pages_words(browser: Browser) -> None:
    begun(browser)
    address = f"{DRAFT}/unggahan"

    assert browser.post(address, sha256="0" * 64, ukuran="20000000").status == 200
    too_large = browser.post(address, sha256="0" * 64, ukuran="20000001")
    assert too_large.status == 422
    assert "Ukuran dokumen 20.000.001 byte" in too_large.text
    forged = [{"sha256": "x", "ukuran": "1"}, {"sha256": "0" * 64, "ukuran": "-1"}]
    assert [browser.post(address, **one).to for one in forged] == [DRAFT, DRAFT]
    assert browser.post(address, sha256="../" * 3, nama="a.pdf").to == DRAFT
    never = browser.post(address, sha256="0" * 64, nama="a.pdf")
    assert "Pilih berkasnya sekali lagi" in never.text


def test_an_ordered_draft_takes_no_file(browser: Browser) -> None:
    begun(browser)
    back = sent(browser, LETTER)
    begun(browser, uploaded(browser, placement=PLACE, stamping="S"))
    sha256 = only_document(browser).sha256

    assert browser.get(back).to == DRAFT
    assert browser.post(f"{DRAFT}/unggahan", sha256=sha256, nama="b.pdf").to == DRAFT
    assert browser.post(DOCUMENT, dokumen=sha256, lakukan="hapus").to == DRAFT
    assert browser.post(DRAFT, portal="sscasn").to == DRAFT
    assert stored(browser).draft_id == ID
    assert (only_document(browser).sha256, stored(browser).portal) == (sha256, None)
