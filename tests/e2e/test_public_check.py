"""Anybody checks a file, with a browser that runs no script: the form goes to storage, and storage
leads to the verdict."""

import re
from html import unescape

import pytest
import urllib3

from tests.applicant.client import Applicant, Page
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer, letter
from tests.integration.pdf.attacks.updates import body_of, next_number, revision
from tests.local.environment import Environment

PAGE = re.compile(rb"(\d+) 0 obj\s*<<[^>]*/Type\s*/Page\b")
HTTP = urllib3.PoolManager(retries=False)


@pytest.fixture(scope="module")
def stamped(new_customer: NewCustomer) -> tuple[bytes, str]:
    """A stamped file and its serial."""
    customer: Customer = new_customer()
    stamping = customer.stamped(customer.paid_order())
    content = customer.applicant.open(stamping["download_url"]).content
    return content, stamping["stamping_id"]


@pytest.fixture
def anybody(environment: Environment) -> Applicant:
    return Applicant(environment.account.api_url, token=None)


def sent(anybody: Applicant, content: bytes) -> str:
    """The address to which storage leads the browser."""
    page = anybody.ask("GET", "/periksa").content.decode()
    form = page.partition('<form id="periksa-berkas"')[2].partition("</form>")[0]
    fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form)
    file = ("file", ("surat.pdf", content, "application/pdf"))
    answer = HTTP.request(
        "POST",
        unescape(form.partition('action="')[2].partition('"')[0]),
        fields=[*((name, unescape(value)) for name, value in fields), file],
        redirect=False,
    )
    assert answer.status == 303, answer.data
    return str(answer.headers["Location"])


def checked(anybody: Applicant, content: bytes) -> Page:
    return anybody.open(sent(anybody, content))


def text_of(page: Page) -> str:
    main = page.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def picture_of(anybody: Applicant, page: Page) -> Page:
    [address] = re.findall(r'<img src="(/periksa/[^"]+)"', page.content.decode())
    return anybody.ask("GET", unescape(address))


def annotated(issued: bytes) -> bytes:
    """With a note on its page, in a further revision."""
    number, new = int(PAGE.findall(issued)[-1]), next_number(issued)
    page = re.sub(rb"/Annots\s*\[", b"/Annots [%d 0 R " % new, body_of(issued, number))
    note = b"<</Type/Annot/Subtype/Square/Rect [100 600 200 650]/F 4/C [1 0 0]>>"
    return revision(issued, {number: page, new: note})


def test_a_stamped_file_is_genuine_and_its_page_is_shown(
    anybody: Applicant, stamped: tuple[bytes, str]
) -> None:
    content, serial = stamped
    page = checked(anybody, content)

    assert page.status == 200
    assert "✓ Asli Asli: persis seperti yang diterbitkan." in text_of(page)
    assert f"{serial[:11]} {serial[11:]}" in text_of(page)
    picture = picture_of(anybody, page)
    assert (picture.status, picture.content[:4]) == (200, b"\x89PNG")


def test_what_was_added_is_told_and_marked(anybody: Applicant, stamped: tuple[bytes, str]) -> None:
    page = checked(anybody, annotated(stamped[0]))

    assert "! Tampilannya diubah" in text_of(page)
    assert "Anotasi ditambahkan atau diubah." in text_of(page)
    assert picture_of(anybody, page).status == 200


def test_a_file_from_elsewhere_and_one_above_the_limit(anybody: Applicant) -> None:
    assert "i Tidak ada e-meterai" in text_of(checked(anybody, letter(7)))
    too_large = checked(anybody, bytes(20_000_001))
    assert (too_large.status, "Berkas terlalu besar" in text_of(too_large)) == (413, True)


def test_a_result_whose_file_is_not_there_says_so(anybody: Applicant) -> None:
    address = sent(anybody, letter(8)).partition("?")[0]
    page = anybody.open(f"{address}/{'0' * 32}")
    assert (page.status, "Berkas belum kami terima" in text_of(page)) == (404, True)


def test_a_fingerprint_on_record_needs_no_upload(
    anybody: Applicant, stamped: tuple[bytes, str]
) -> None:
    record = anybody.ask("GET", f"/S/{stamped[1]}", headers={"accept": "application/json"}).json()
    page = anybody.ask("GET", f"/periksa/catatan/{stamped[1]}/{record['sha256']}")
    assert (page.status, "✓ Asli" in text_of(page)) == (200, True)
