"""Checking a file: the form, the verdict with what changed and where, and every wrong turn."""

import re
from datetime import timedelta
from html import unescape

import pytest

from meterai.api.verdict_messages import verdict_message
from meterai.container import container
from meterai.domain.checks.checks import CHECK_LASTS, new_check
from meterai.domain.errors import Unavailable
from meterai.domain.stamping.verdicts import Verdict
from meterai.languages import Language
from meterai.ports import Upload
from tests.fakes.in_memory_state import fails
from tests.fakes.stamp_reader import PICTURE
from tests.fakes.stamper import TIMESTAMP
from tests.unit.functions.function_app import sample
from tests.unit.functions.story import SERIAL, before
from tests.unit.functions.test_stamp import STAMPED_SHA256
from tests.unit.pages.browser import Browser, Page

PLAIN = b"%PDF-1.7\n% a letter\n"
_FIELD = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_ACTION = re.compile(r'<form id="periksa-berkas" method="post" action="([^"]+)"')


@pytest.fixture
def visitor(browser: Browser) -> Browser:
    """Nobody is signed in; a file was stamped."""
    before(browser.app, "verify")
    browser.account = None
    return browser


def stamped(visitor: Browser) -> bytes:
    return visitor.app.state.stamped[SERIAL]


def sent(visitor: Browser, content: bytes) -> str:
    """Where a browser without script is after it sent the form with this file."""
    page = visitor.get("/periksa")
    fields = {name: unescape(value) for name, value in _FIELD.findall(page.html)}
    form = Upload(unescape(_ACTION.findall(page.html)[0]), fields, visitor.app.state.now)
    led_to = visitor.app.ports.documents.send(form, "surat.pdf", content)
    return led_to.removeprefix(container.settings.pages_url)


def checked(visitor: Browser, content: bytes) -> Page:
    return visitor.get(visitor.get(sent(visitor, content)).to)


def pictures(page: Page) -> list[str]:
    return [unescape(one) for one in re.findall(r'<img src="(/periksa/[^"]+)"', page.html)]


def said(verdict: Verdict, cause: str | None = None) -> str:
    return verdict_message(verdict, cause, Language.INDONESIAN)


def test_the_sample_event_is_answered_with_a_page(visitor: Browser) -> None:
    returned = visitor.app.invoke("check_pages", sample("check_pages"))

    assert returned["statusCode"] == 404
    assert "Hasil pemeriksaan tidak ditemukan" in returned["body"]


def test_the_form_sends_the_file_to_storage_and_its_last_field_is_the_file(
    visitor: Browser,
) -> None:
    page = visitor.get("/periksa")

    assert page.status == 200
    form = page.html.partition('<form id="periksa-berkas"')[2].partition("</form>")[0]
    names = re.findall(r'name="([^"]+)"', form)
    assert names[-1] == "file"
    assert "token" not in names  # storage refuses fields that were not signed


def test_each_form_is_another_visitors(visitor: Browser) -> None:
    first, second = (_ACTION.sub("", visitor.get("/periksa").html) for _ in range(2))

    assert _FIELD.findall(first) != _FIELD.findall(second)


def test_a_stamped_file_is_genuine_in_the_first_line(visitor: Browser) -> None:
    page = checked(visitor, stamped(visitor))

    assert page.status == 200
    assert page.text.startswith(f"Periksa berkas lain ✓ Asli {said(Verdict.GENUINE)}")
    assert "1 e-meterai, semuanya terbukti asli." in page.text
    for shown in (f"{SERIAL[:11]} {SERIAL[11:]}", STAMPED_SHA256, "24 November 2026, 09.01 WIB"):
        assert shown in page.text
    assert "Apa yang berubah" not in page.text


def test_a_genuine_file_shows_its_page_with_the_emeterai_framed(visitor: Browser) -> None:
    [address] = pictures(checked(visitor, stamped(visitor)))
    picture = visitor.get(address)

    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert picture.headers["Cache-Control"].startswith("private")
    assert visitor.app.ports.stamp_reader.pages == [(3, ((400.0, 96.0, 472.0, 169.0),))]


def test_what_was_changed_is_told_and_marked_on_its_page(visitor: Browser) -> None:
    page = checked(visitor, stamped(visitor) + b" and more")

    assert page.text.startswith("Periksa berkas lain ✕ Diubah")
    assert said(Verdict.ALTERED) in page.text
    assert "Tampilan halaman berubah. Jangan mengandalkan halaman itu. Halaman 1." in page.text
    [address] = pictures(page)
    visitor.get(address)
    assert visitor.app.ports.stamp_reader.pages == [(1, ((10.0, 20.0, 30.0, 40.0),))]


def test_others_timestamps_keep_it_genuine(visitor: Browser) -> None:
    page = checked(visitor, stamped(visitor) + TIMESTAMP)

    assert page.text.startswith("Periksa berkas lain ✓ Asli, dengan tambahan")
    assert "Cap waktu ditambahkan" in page.text


@pytest.mark.parametrize(
    ("content", "title", "sentence"),
    [
        (PLAIN, "i Tidak ada e-meterai", said(Verdict.NOT_STAMPED)),
        (b"GIF89a", "! Tidak dapat dibaca", "Sebabnya: Bukan PDF."),
        (b"%PDF- /Encrypt", "! Tidak dapat dibaca", "Sebabnya: PDF memakai kata sandi."),
        (b"", "! Tidak dapat dibaca", "Sebabnya: Bukan PDF."),
        (PLAIN + PICTURE + SERIAL.encode(), "✕ Hanya salinan gambar", said(Verdict.COPY)),
    ],
)
def test_every_other_file_gets_its_own_words(
    visitor: Browser, content: bytes, title: str, sentence: str
) -> None:
    page = checked(visitor, content)

    assert page.status == 200
    assert page.text.startswith(f"Periksa berkas lain {title}")
    assert sentence in page.text


def test_a_file_above_the_limit_gets_a_sentence(visitor: Browser) -> None:
    page = checked(visitor, bytes(20_000_001))

    assert page.status == 413
    assert "20.000.001 byte, batasnya 20.000.000 byte" in page.text


def test_a_result_is_gone_after_a_day(visitor: Browser) -> None:
    address = visitor.get(sent(visitor, stamped(visitor))).to
    visitor.app.state.pass_time(CHECK_LASTS - timedelta(minutes=1))
    assert visitor.get(address).status == 200

    [picture] = pictures(visitor.get(address))
    visitor.app.state.pass_time(timedelta(minutes=1))
    over = visitor.get(address)

    assert (over.status, visitor.get(picture).status) == (410, 404)
    assert "Hasil ini sudah dihapus" in over.text


def test_an_upload_that_did_not_arrive_is_told(visitor: Browser) -> None:
    arrived = sent(visitor, PLAIN)
    address = arrived.partition("?")[0]
    result = visitor.get(arrived).to
    visitor.app.state.incoming.clear()

    for wrong in (address, result, f"{address}/x", f"{address}/..%2F..%2Fdocuments"):
        page = visitor.get(wrong)
        assert page.status == 404
        assert "Berkas belum kami terima" in page.text


def test_nobody_reaches_the_file_of_another_visitor(visitor: Browser) -> None:
    """Neither by the name of their file, nor by an address that they made up."""
    theirs = visitor.get(sent(visitor, stamped(visitor))).to
    own = new_check(container.now, b"another visitor.", container.token_signer)
    name = theirs.rpartition("/")[2]

    assert "Berkas belum kami terima" in visitor.get(f"/periksa/{own.text}/{name}").text
    forged = visitor.get(theirs.replace("/periksa/1", "/periksa/2"))
    assert (forged.status, "tidak ditemukan" in forged.text) == (404, True)


def test_frames_are_drawn_only_where_a_verdict_says(visitor: Browser) -> None:
    page = checked(visitor, stamped(visitor) + b" and more")
    [address] = pictures(page)

    assert visitor.get(address.replace("_10.", "_11.")).status == 404
    assert visitor.app.ports.stamp_reader.pages == []


def test_storage_that_does_not_answer_is_told_with_a_button_to_try_again(visitor: Browser) -> None:
    address = visitor.get(sent(visitor, PLAIN)).to
    visitor.app.state.hook = fails("Documents.find_upload", Unavailable(party="s3"))
    page = visitor.get(address)

    assert page.status == 503
    assert "Coba lagi" in page.text


# Without an upload


def test_a_fingerprint_on_record_is_the_same_verdict(visitor: Browser) -> None:
    page = visitor.get(f"/periksa/catatan/{SERIAL}/{STAMPED_SHA256}")

    assert page.status == 200
    assert page.text.startswith(f"Periksa berkas lain ✓ Asli {said(Verdict.GENUINE)}")
    assert "1 e-meterai, semuanya terbukti asli." in page.text
    assert "tidak meninggalkan perangkat Anda" in page.text


def test_another_fingerprint_and_an_unknown_serial_prove_nothing(visitor: Browser) -> None:
    other = visitor.get(f"/periksa/catatan/{SERIAL}/{'0' * 64}")
    unknown = visitor.get(f"/periksa/catatan/0000000000000000000009/{STAMPED_SHA256}")

    assert (other.status, unknown.status) == (404, 404)
    assert "Sidik jari saja belum cukup" in other.text
    assert "Asli" not in other.text + unknown.text


@pytest.mark.parametrize(
    "typed",
    [
        SERIAL,
        SERIAL.lower(),
        f"{SERIAL[:11]}+{SERIAL[11:]}+",
        f"HTTPS%3A%2F%2FMETERAI.EXAMPLE%2FS%2F{SERIAL}",
    ],
)
def test_a_typed_serial_leads_to_its_record(visitor: Browser, typed: str) -> None:
    assert visitor.get(f"/periksa?seri={typed}").to == f"/S/{SERIAL}"


def test_a_mistyped_serial_is_said_beside_its_field(visitor: Browser) -> None:
    page = visitor.get(f"/periksa?seri={SERIAL[:-1]}%3Cb%3E")

    assert page.status == 200
    assert "Nomor seri ini tidak lengkap atau salah ketik" in page.text
    assert f'value="{SERIAL[:-1]}&lt;b&gt;"' in page.html


def test_the_pages_are_in_english_as_well(visitor: Browser) -> None:
    visitor.language = "en"

    assert "Check a document" in visitor.get("/periksa").text
    page = checked(visitor, stamped(visitor))
    assert "Genuine: exactly as it was issued" in page.text
    assert "Place Page 3" in page.text
