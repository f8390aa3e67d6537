"""A person without script prepares a document on the pages: from a draft to its place, by HTTP."""

import re

import urllib3

from tests.applicant.forms import form_with
from tests.applicant.web_pages import pictures_of
from tests.e2e.customer import Customer
from tests.e2e.own_pages import OwnPages
from tests.fixtures.documents.remake import LETTER

DAMAGED = b"From: scanner\n\n" + LETTER.read_bytes()


def sent_by_form(pages: OwnPages, address: str, name: str, content: bytes) -> str:
    """As a browser sends it to the bucket, which sends the browser back: there it is led on."""
    form, fields = form_with(pages.get(address).content.decode(), "Unggah")
    answer = urllib3.request(
        "POST",
        form.action,
        fields={**fields, "file": (name, content, "application/pdf")},
        redirect=False,
    )
    assert answer.status == 303, answer.data
    back = answer.headers["Location"]
    at_pages = back[back.index("/saya/") :]
    assert at_pages.startswith(f"{address}/unggahan?")
    return pages.get(at_pages).headers["location"]


def test_a_file_is_sent_placed_and_ready_to_be_paid(customer: Customer) -> None:
    pages = OwnPages.of(customer)
    address = pages.send("/saya/pengajuan")
    assert "Belum ada dokumen" in pages.text("/saya/pengajuan")

    document = sent_by_form(pages, address, "surat lamaran.pdf", LETTER.read_bytes())
    assert document == f"{address}/dokumen/1"
    assert "Berkas ini dapat dibubuhi e-meterai" in pages.text(document)

    html = pages.get(f"{document}/tempat?besar=2").content.decode()
    assert "Di dekat “Hormat saya”" in html
    [picture] = pictures_of(html)
    assert pages.get(picture).content.startswith(b"\x89PNG")
    assert pages.send(f"{document}/tempat") == address

    assert "surat lamaran.pdf 33 KB Siap halaman 1" in pages.text(address)
    assert pages.send(address, portal="sscasn") == f"{address}/ringkasan"
    assert pages.get(f"{address}/ringkasan").status == 200


def test_a_damaged_file_is_repaired_by_a_button_and_then_placed(customer: Customer) -> None:
    pages = OwnPages.of(customer)
    address = pages.send("/saya/pengajuan")
    document = sent_by_form(pages, address, "rusak.pdf", DAMAGED)
    assert "PDF rusak" in pages.text(document)
    assert pages.get(f"{document}/tempat").headers["location"] == document

    assert pages.send(document, lakukan="perbaiki") == f"{document}/tempat"
    assert pages.send(f"{document}/tempat") == address
    assert "Siap" in pages.text(address)


def test_a_script_sends_a_file_under_its_hash_and_has_it_added(customer: Customer) -> None:
    pages = OwnPages.of(customer)
    address = pages.send("/saya/pengajuan")
    sha256 = customer.applicant.upload(LETTER.read_bytes())

    [form_token] = re.findall(r'data-token="([^"]+)"', pages.get(address).content.decode())
    answer = pages.post(
        f"{address}/unggahan", token=form_token, sha256=sha256, ukuran=str(LETTER.stat().st_size)
    )
    assert f"{sha256}" in answer.content.decode()
    added = pages.post(f"{address}/unggahan", token=form_token, sha256=sha256, nama="surat.pdf")
    assert added.headers["location"] == f"{address}/dokumen/1"
