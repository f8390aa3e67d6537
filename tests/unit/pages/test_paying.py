"""Paying: a code while it can be paid, a sentence when it cannot, and the next page when it is."""

import base64
import re
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.orders.orders import OrderState
from meterai.domain.orders.payments import ChargeState, Method
from meterai.domain.timers import CHARGE_TIMEOUT
from meterai.pages.qr import qr_picture
from tests.fakes.in_memory_state import Moment
from tests.unit.pages.browser import Browser
from tests.unit.pages.buying import AT, CHECK, FILES, PAY, PROGRESS, Applicant

CANCEL, ANEW, CHANGE = (
    "Batalkan pesanan ini",
    "Bayar dengan kode baru",
    "Ubah dokumen atau cara bayar",
)


@pytest.fixture
def applicant(browser: Browser) -> Applicant:
    """Who has ordered."""
    made = Applicant(browser)
    made.buy()
    return made


def test_the_code_is_drawn_with_its_amount_and_its_end(applicant: Applicant) -> None:
    instruction = applicant.order.instruction
    assert instruction is not None
    assert instruction.qr_text is not None
    drawn = re.findall(r'src="data:image/png;base64,([^"]+)"', applicant.page.html)

    assert base64.b64decode(drawn[0]) == qr_picture(instruction.qr_text)
    assert "Bayar Rp20.000" in applicant.page.text
    assert "Bayar sebelum 24 November 2026, 09.15 WIB" in applicant.page.text
    assert 'datetime="2026-11-24T02:15:00+00:00"' in applicant.page.html


def test_the_code_can_be_saved_as_a_picture(applicant: Applicant) -> None:
    picture = applicant.browser.get(f"{PAY}/gambar")

    assert f'href="{PAY}/gambar" download="qris-' in applicant.page.html
    assert picture.headers["Content-Type"] == "image/png"
    assert picture.headers["Cache-Control"].startswith("private")


def test_a_virtual_account_is_a_bank_and_a_number(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.buy(cara="virtual_account")
    instruction = applicant.order.instruction

    assert instruction is not None
    assert str(instruction.va_number) in applicant.page.text
    assert str(instruction.va_bank).upper() in applicant.page.text
    assert applicant.browser.get(f"{PAY}/gambar").status == 404


def test_it_turns_by_itself_when_the_money_is_there(applicant: Applicant) -> None:
    assert '<meta http-equiv="refresh" content="15">' in applicant.page.html
    assert 'data-again-s="5"' in applicant.page.html
    applicant.pump.stamping_moves = False
    applicant.pays()

    assert applicant.browser.get(PAY).to == PROGRESS
    assert applicant.browser.get(CHECK).to == PAY


def test_every_page_may_be_loaded_again_at_each_step(applicant: Applicant) -> None:
    for address in (CHECK, PAY, PROGRESS, FILES):
        applicant.open(address)
        assert applicant.address == PAY
    applicant.pays()
    for address in (CHECK, f"{AT}/antre", PAY, PROGRESS, FILES):
        applicant.open(address)
        assert applicant.address == FILES


def test_after_paying_the_button_behind_buys_nothing_more(applicant: Applicant) -> None:
    """They go back to the page with the button, as their browser kept it."""
    applicant.pays()
    again = applicant.browser.post(CHECK, cara="qris")

    assert again.to == PAY
    assert len(applicant.system.state.orders) == 1


def test_a_cancelled_order_leads_back_to_the_answers(applicant: Applicant) -> None:
    order = applicant.order
    applicant.press(CANCEL)

    assert applicant.address == CHECK
    assert applicant.system.state.orders[order.order_id].is_given_up
    applicant.press("Bayar Rp20.000", cara="virtual_account")
    assert applicant.order.method is Method.VIRTUAL_ACCOUNT


def test_money_that_was_faster_than_the_button_is_not_given_up(applicant: Applicant) -> None:
    applicant.pays()

    assert applicant.browser.post(PAY, aksi="ubah", pesanan=applicant.order.order_id).to == PROGRESS
    assert applicant.order.state is OrderState.PAID


def test_a_button_in_a_tab_that_was_left_open_does_not_give_up_the_present_order(
    applicant: Applicant,
) -> None:
    stale = applicant.page
    applicant.waits(30)
    applicant.open(PAY)
    applicant.press(ANEW)
    present = applicant.order
    applicant.page = stale
    applicant.press(CANCEL)

    assert not applicant.order.is_given_up
    assert applicant.order == present


# Late, lost, refused.


def test_when_its_time_is_over_the_code_is_gone(applicant: Applicant) -> None:
    applicant.system.state.pass_time(timedelta(minutes=15))
    page = applicant.open(PAY)

    assert "data:image/png" not in page.html
    assert "Jangan dibayar lagi" in page.text
    assert "bila terlambat, uangnya kembali otomatis" in page.text
    assert applicant.browser.get(f"{PAY}/gambar").status == 404


def test_who_has_not_paid_need_not_wait_for_the_gateway(applicant: Applicant) -> None:
    applicant.system.state.pass_time(timedelta(minutes=15))
    applicant.open(PAY)
    applicant.press("Saya belum membayar, buat kode baru")

    assert "data:image/png" in applicant.page.html
    assert applicant.draft.attempt == 2


def test_an_expired_order_is_paid_anew_or_changed(applicant: Applicant) -> None:
    first = applicant.order
    applicant.waits(30)
    page = applicant.open(PAY)
    assert "Uang yang masih masuk dikembalikan otomatis" in page.text

    applicant.press(ANEW)
    assert applicant.order.order_id != first.order_id
    applicant.waits(30)
    applicant.open(PAY)
    applicant.press(CHANGE)
    assert applicant.address == CHECK


def test_two_clicks_for_a_new_code_are_one_new_order(applicant: Applicant) -> None:
    applicant.waits(30)
    expired = applicant.open(PAY)
    applicant.press(ANEW)
    applicant.page = expired
    applicant.press(ANEW)

    assert len(applicant.system.state.orders) == 2
    assert not applicant.order.is_given_up


def test_late_money_goes_back_and_the_new_order_stays(applicant: Applicant) -> None:
    first = applicant.order
    applicant.waits(30)
    applicant.open(PAY)
    applicant.press(ANEW)
    applicant.system.settle(first)
    applicant.pump.deliver()

    assert len(applicant.system.state.refunds) == 1
    assert applicant.order.state is OrderState.PENDING
    assert "data:image/png" in applicant.open(PAY).html


def test_a_lost_answer_of_the_gateway_is_asked_for_again(browser: Browser) -> None:
    applicant = Applicant(browser)

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("after", "Gateway.charge"):
            applicant.system.state.hook = lambda *_: None
            raise Unavailable(party="midtrans")

    applicant.system.state.hook = hook
    applicant.buy()
    applicant.press("Bayar Rp20.000")
    assert "Jawaban penyedia pembayaran belum sampai" in applicant.page.text
    assert "Minta kode baru" not in applicant.page.text
    applicant.system.state.pass_time(CHARGE_TIMEOUT)
    applicant.open(PAY)
    applicant.press("Minta kode baru")

    assert "data:image/png" in applicant.page.html
    assert len(applicant.system.state.orders) == 1


def test_a_rejected_payment_asks_for_another_code(applicant: Applicant) -> None:
    applicant.system.state.charges[applicant.order.charge_id].state = ChargeState.DENIED
    applicant.system.webhook(applicant.order.charge_id)
    applicant.pump.deliver()
    page = applicant.open(PAY)

    assert "Jangan bayar kode yang lama" in page.text
    applicant.press("Minta kode baru")
    assert "data:image/png" in applicant.page.html
    assert len(applicant.system.state.orders) == 1


def test_a_payment_that_the_bank_took_back_is_said(applicant: Applicant) -> None:
    applicant.pump.stamping_moves = False
    applicant.pays()
    applicant.system.state.charges[applicant.order.charge_id].state = ChargeState.REVERSED
    applicant.system.webhook(applicant.order.charge_id)
    applicant.pump.deliver()

    page = applicant.open(PROGRESS)
    assert applicant.address == PAY
    assert "Bank menarik kembali pembayarannya" in page.text
