"""/saya/pesanan: one order, giving back, and giving up."""

from datetime import timedelta

import pytest

from meterai.domain.stamping.stampings import SerialState
from tests.unit.functions.story import ACCOUNT, ORDER, SERIAL
from tests.unit.pages.browser import Browser
from tests.unit.pages.test_history import at

PAGE = f"/saya/pesanan/{ORDER}"
GIVE_BACK = f"{PAGE}/kembalikan"


def test_an_order_tells_its_whole_life(browser: Browser) -> None:
    page = at(browser, "read_history").get(PAGE)

    assert "Pesanan 3 e-meterai" in page.text
    assert "Dibayar 24 November 2026" in page.text
    assert "Surat pernyataan 5 poin" in page.text
    assert "Unduh PDF" in page.text
    assert page.html.count("<option>") == 1, "one is left"
    assert 'href="/saya/pengajuan">Pakai untuk dokumen lain' in page.html
    assert "Batalkan pesanan" not in page.text


def test_the_check_page_says_how_much_where_to_and_by_when(browser: Browser) -> None:
    page = at(browser, "read_history").get(f"{GIVE_BACK}?jumlah=1")

    assert "Uang yang kembali Rp10.000" in page.text
    assert "Ke aplikasi atau rekening yang Anda pakai membayar." in page.text
    assert "Paling lambat 25 November 2026" in page.text
    assert browser.app.state.orders[ORDER].free_slots, "nothing is sent yet"


@pytest.mark.parametrize("quantity", ["0", "2", "9", "-1", "1.0", "satu", "", "%D9%A1"])
def test_a_quantity_that_is_not_there_leads_back_to_the_order(
    browser: Browser, quantity: str
) -> None:
    assert at(browser, "read_history").get(f"{GIVE_BACK}?jumlah={quantity}").to == PAGE


def test_a_double_click_a_second_tab_and_the_back_button_are_one_refund(browser: Browser) -> None:
    at(browser, "request_refund")
    sent = {"jumlah": "1", "sebelumnya": "0"}
    before = browser.get(f"{GIVE_BACK}?jumlah=1").html
    first, second = (browser.post(GIVE_BACK, **sent) for _ in range(2))

    assert 'name="sebelumnya" value="0"' in before
    assert first.to == second.to
    assert first.to.startswith("/saya/pengembalian/rfd_")
    assert len(browser.app.state.refunds) == 1
    assert 'name="sebelumnya" value="1"' in browser.get(f"{GIVE_BACK}?jumlah=1").html
    assert browser.post(GIVE_BACK, jumlah="1", sebelumnya="1").to != first.to


def test_another_number_from_another_tab_is_told_what_happened(browser: Browser) -> None:
    at(browser, "request_stamping")
    browser.post(GIVE_BACK, jumlah="1", sebelumnya="0")
    page = browser.post(GIVE_BACK, jumlah="2", sebelumnya="0")

    assert page.status == 409
    assert "Sebelumnya sudah ada yang dikembalikan" in page.text
    assert 'name="sebelumnya" value="1"' in page.html
    assert len(browser.app.state.refunds) == 1


@pytest.mark.parametrize(
    "forged",
    [
        {},
        {"jumlah": "1"},
        {"jumlah": "1", "sebelumnya": "x" * 200},
        {"jumlah": "99", "sebelumnya": "0"},
        {"jumlah": "-1", "sebelumnya": "0"},
    ],
)
def test_a_forged_form_gives_nothing_back(browser: Browser, forged: dict[str, str]) -> None:
    at(browser, "request_refund")

    assert browser.post(GIVE_BACK, **forged).to == PAGE
    assert not browser.app.state.refunds


def test_more_than_is_left_is_refused_on_the_page_of_the_order(browser: Browser) -> None:
    at(browser, "request_refund")
    page = browser.post(GIVE_BACK, jumlah="8", sebelumnya="0")

    assert page.status == 409
    assert "Anda meminta 8 e-meterai; yang belum terpakai di pesanan ini 2." in page.text
    assert not browser.app.state.refunds


def test_another_accounts_form_token_gives_nothing_back(browser: Browser) -> None:
    at(browser, "request_refund")
    browser.account = "somebody-else"
    token = browser._token("/saya")
    browser.account = ACCOUNT

    assert browser.post(GIVE_BACK, token=token, jumlah="1", sebelumnya="0").status == 403
    assert not browser.app.state.refunds


def test_what_waits_for_its_document_may_be_given_back_and_is_called_off(browser: Browser) -> None:
    at(browser, "stamp")
    order = browser.get(PAGE)
    check = browser.get(f"{GIVE_BACK}?jumlah=3")
    sent = browser.post(GIVE_BACK, jumlah="3", sebelumnya="0")

    assert "1 di antaranya menunggu dibubuhkan" in order.text
    assert "Ada pembubuhan yang dibatalkan" in check.text
    assert sent.status == 303
    assert browser.app.state.serials[SERIAL].state is SerialState.VOID
    assert "Batal: e-meterainya dikembalikan." in browser.get(PAGE).text


def test_what_is_being_stamped_is_not_given_back(browser: Browser) -> None:
    at(browser, "stamp")
    now = browser.app.state.now
    assert browser.app.ports.serials.claim([SERIAL], now, now + timedelta(minutes=2))
    page = browser.post(GIVE_BACK, jumlah="3", sebelumnya="0")

    assert page.status == 409
    assert "E-meterai ini sedang dibubuhkan pada dokumen." in page.text


def test_an_unpaid_order_can_be_cancelled_once_or_twice(browser: Browser) -> None:
    at(browser, "read_order")
    page = browser.get(PAGE)
    answers = [browser.post(PAGE) for _ in range(2)]

    assert "Batalkan pesanan ini" in page.text
    assert [one.to for one in answers] == [PAGE, PAGE]
    after = browser.get(PAGE)
    assert "Jangan dibayar lagi" in after.text
    assert "Batalkan pesanan ini" not in after.text


def test_a_payment_that_was_faster_than_the_cancellation_is_told(browser: Browser) -> None:
    page = at(browser, "request_stamping").post(PAGE)

    assert page.status == 409
    assert "Pesanan ini sudah dibayar, jadi tidak dapat dibatalkan." in page.text


def test_an_expired_order_offers_nothing(browser: Browser) -> None:
    at(browser, "read_order")
    browser.app.state.now = browser.app.state.orders[ORDER].expires_at
    page = browser.get(PAGE)

    assert "Kedaluwarsa Jangan dibayar lagi." in page.text
    assert "Bayar sebelum" not in page.text
    assert "Pakai untuk dokumen" not in page.text
    assert "<button" not in page.html.partition("<main")[2].partition("</main")[0]
