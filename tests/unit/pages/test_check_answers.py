"""Check answers: what is bought, for how much, by when; and what stands in the way, where it is
mended."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.payments import Method
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.selling import Closed
from tests.fakes.in_memory_state import Moment, fails
from tests.fakes.stamper import DAMAGED
from tests.unit.pages.browser import ACCOUNT, Browser
from tests.unit.pages.buying import AT, BUY, CHECK, FILES, LETTERS, PAY, Applicant


@pytest.fixture
def applicant(browser: Browser) -> Applicant:
    return Applicant(browser)


def test_it_shows_what_is_bought_and_what_it_costs(applicant: Applicant) -> None:
    page = applicant.open(CHECK)

    assert "surat 1.pdf" in page.text
    assert "surat 2.pdf" in page.text
    assert "2 e-meterai, masing-masing Rp10.000 Rp20.000" in page.text
    assert "Paling lambat 25 November 2026, 09.00 WIB; jika tidak, uang Anda kembali" in page.text
    assert "dana masuk ke aplikasi atau rekening yang Anda pakai membayar" in page.text
    assert f'src="{AT}/dokumen/2/gambar?dpi=48' in page.html


def test_qris_comes_first(applicant: Applicant) -> None:
    [chosen] = re.findall(r'value="(\w+)" checked', applicant.open(CHECK).html)

    assert chosen == "qris"


def test_a_click_leads_to_the_code(applicant: Applicant) -> None:
    page = applicant.buy()

    assert applicant.address == PAY
    assert "Bayar Rp20.000" in page.text
    assert applicant.order.quantity == 2


def test_the_chosen_way_to_pay_is_ordered(applicant: Applicant) -> None:
    applicant.buy(cara="virtual_account")

    assert applicant.order.method is Method.VIRTUAL_ACCOUNT


def test_a_double_click_and_a_second_tab_are_one_order(applicant: Applicant) -> None:
    applicant.open(CHECK)
    stale = applicant.page
    applicant.press(BUY)
    applicant.page = stale
    applicant.press(BUY, cara="virtual_account")

    assert len(applicant.system.state.orders) == 1
    assert applicant.address == PAY


def test_what_has_no_place_yet_leads_back_to_the_documents(applicant: Applicant) -> None:
    first, second = applicant.draft.documents
    applicant.edit(documents=(first, replace(second, placement=None)))

    assert applicant.browser.get(CHECK).to == AT


def test_a_draft_of_somebody_else_is_not_found(applicant: Applicant) -> None:
    applicant.browser.account = "somebody-else"

    for page in ("ringkasan", "antre", "bayar", "bayar/gambar", "proses", "berkas"):
        assert applicant.browser.get(f"{AT}/{page}").status == 404
        if page in ("ringkasan", "antre", "bayar"):
            assert applicant.browser.post(f"{AT}/{page}", aksi="ubah").status == 404


def test_the_deadline_of_its_portal_is_shown(applicant: Applicant) -> None:
    now = applicant.system.now
    deadlines = {"sscasn": now + timedelta(hours=3)}
    applicant.system.state.snapshot = LoadSnapshot(now, {}, deadlines=deadlines)
    applicant.edit(portal="sscasn")

    page = applicant.open(CHECK)
    assert "Batas waktunya 24 November 2026, 12.00 WIB" in page.text
    assert "Paling lambat 24 November 2026, 12.00 WIB" in page.text


# E-meterai that were bought before.


def test_e_meterai_that_one_has_are_offered_first_and_stamp_at_once(applicant: Applicant) -> None:
    _buys_before(applicant, 2)

    page = applicant.open(CHECK)
    assert page.text.index("Pakai e-meterai yang sudah") < page.text.index("Atau beli yang baru")
    assert '<button class="second">Bayar' in page.html
    applicant.press("Pakai e-meterai yang sudah Anda beli")
    applicant.pump.deliver()
    applicant.open(FILES)
    assert applicant.page.text.count("Unduh PDF") == 2
    assert len(applicant.system.state.orders) == 1


def test_too_few_of_them_are_said_and_stay_their_owners(applicant: Applicant) -> None:
    _buys_before(applicant, 1)

    page = applicant.open(CHECK)
    assert "1 e-meterai Anda belum dipakai, tetapi kurang" in page.text


@pytest.mark.parametrize("other", [0, 2])
def test_an_order_that_was_cut_off_and_is_paid_all_the_same_is_used(
    applicant: Applicant, other: int
) -> None:
    """After the first of two stampings was requested. The order is among one's own, with its code;
    besides there may be one with as many e-meterai."""
    if other:
        _buys_before(applicant, other)
    before = set(applicant.system.state.orders)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Serials.reserve"):
            raise Unavailable

    applicant.open(CHECK)
    applicant.system.state.hook = hook
    applicant.press(BUY)
    applicant.system.state.hook = lambda *_: None
    [order] = [one for one in applicant.system.state.orders.values() if one.order_id not in before]
    assert "Buka kode QRIS" in applicant.open(f"/saya/pesanan/{order.order_id}").text
    applicant.system.settle(order)
    applicant.pump.deliver()

    applicant.open(CHECK)
    applicant.press("Pakai e-meterai yang sudah Anda beli")
    applicant.pump.deliver()
    applicant.open(FILES)
    assert applicant.page.text.count("Unduh PDF") == 2
    assert applicant.draft.order_id == order.order_id
    assert len(applicant.system.state.signed) == 2


def test_an_order_of_somebody_else_cannot_be_used(applicant: Applicant) -> None:
    order = applicant.system.buy(by="somebody else")
    applicant.system.settle(order)
    applicant.pump.deliver()

    assert applicant.browser.post(CHECK, pesanan=order.order_id).status == 404
    assert applicant.draft.order_id is None


def _buys_before(applicant: Applicant, quantity: int) -> None:
    order = applicant.system.buy(quantity=quantity, by=ACCOUNT)
    applicant.system.settle(order)
    applicant.pump.deliver()


# What stands in the way is said where it is mended, and the draft is as it was.


def _is_refused(applicant: Applicant, status: int) -> str:
    before = applicant.draft
    page = applicant.buy()
    assert (page.status, applicant.draft, applicant.address) == (status, before, CHECK)
    return page.text


def test_a_document_that_cannot_be_stamped_is_marked(applicant: Applicant) -> None:
    damaged = applicant.system.upload(LETTERS[1] + DAMAGED, ACCOUNT)
    first, second = applicant.draft.documents
    applicant.edit(documents=(first, replace(second, sha256=damaged)))

    assert "Perbaiki dokumen 2" in _is_refused(applicant, 422)
    assert f'href="{AT}/dokumen/2"' in applicant.page.html
    assert not applicant.system.state.orders


def test_a_refused_way_to_pay_offers_the_other(applicant: Applicant) -> None:
    applicant.system.state.methods_refused = {Method.QRIS}

    said = _is_refused(applicant, 502)
    assert "Penyedia pembayaran sedang tidak menerima QRIS. Belum ada yang dibayar" in said
    applicant.press(BUY)
    assert applicant.order.method is Method.VIRTUAL_ACCOUNT
    assert applicant.address == PAY


def test_a_deadline_that_has_passed_leads_to_where_the_portal_is_chosen(
    applicant: Applicant,
) -> None:
    now = applicant.system.now
    applicant.system.state.snapshot = LoadSnapshot(now, {}, deadlines={"sscasn": now})
    applicant.edit(portal="sscasn")

    assert "sudah lewat" in _is_refused(applicant, 409)
    assert f'<a href="{AT}">Pilih tujuan lain</a>' in applicant.page.html


def test_too_many_unpaid_orders_are_counted(applicant: Applicant) -> None:
    for number in range(5):
        applicant.system.buy(f"buy {number}", by=ACCOUNT)

    said = _is_refused(applicant, 429)
    assert "Akun Anda punya 5 pesanan yang belum dibayar" in said
    assert "15 menit lagi" in said


def test_while_buying_is_closed_it_says_so_before_and_after(applicant: Applicant) -> None:
    now = applicant.system.now
    applicant.system.state.snapshot = LoadSnapshot(now, {}, closed=Closed.SWITCHED_OFF)

    assert "Pembelian sedang ditutup" in applicant.open(CHECK).text
    assert "E-meterai sedang tidak dijual" in _is_refused(applicant, 503)


def test_a_gateway_that_does_not_answer_is_asked_again_by_the_next_click(
    applicant: Applicant,
) -> None:
    applicant.system.state.hook = fails("Gateway.charge", Unavailable(party="midtrans"))
    assert "Tekan tombolnya sekali lagi" in _is_refused(applicant, 503)

    applicant.system.state.hook = lambda *_: None
    applicant.press(BUY)
    assert len(applicant.system.state.orders) == 1


def test_a_change_in_another_tab_is_shown_before_it_is_bought(applicant: Applicant) -> None:
    def hook(moment: str, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            applicant.system.state.hook = lambda *_: None
            applicant.edit(portal="sscasn")

    applicant.system.state.hook = hook
    page = applicant.buy()

    assert page.status == 409
    assert "SSCASN" in page.text
    assert applicant.draft.order_id is None
