"""The waiting room: a place that is kept, and what it says of the wait."""

import pytest

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from tests.unit.functions.paused import pause
from tests.unit.pages.browser import Browser
from tests.unit.pages.buying import AT, CHECK, PAY, WAIT, Applicant

JOIN = "Masuk antrean"


@pytest.fixture
def applicant(browser: Browser) -> Applicant:
    """Who comes while buying is paused."""
    made = Applicant(browser)
    pause(browser.app, watermark_s=-60)
    return made


def _joins(applicant: Applicant) -> str:
    applicant.open(CHECK)
    applicant.press(JOIN)
    return applicant.page.text


def test_a_click_leads_to_a_place_in_line(applicant: Applicant) -> None:
    said = _joins(applicant)

    assert applicant.address.startswith(f"{WAIT}?tiket=")
    assert "Orang di depan Anda" in said
    assert "Perkiraan tunggu" in said
    assert "Antrean Anda tersimpan di akun Anda" in said
    assert not applicant.system.state.orders


def test_it_loads_itself_again_also_without_script(applicant: Applicant) -> None:
    _joins(applicant)

    assert '<noscript><meta http-equiv="refresh" content="' in applicant.page.html
    assert "data-again-s=" in applicant.page.html
    assert "/statis/wait-" in applicant.page.html


def test_the_place_is_the_same_on_another_phone(applicant: Applicant) -> None:
    _joins(applicant)
    here = applicant.address
    applicant.waits(1)

    applicant.open(WAIT)
    assert applicant.address == here


def test_who_waits_is_looked_up_nowhere(applicant: Applicant) -> None:
    _joins(applicant)
    calls: list[str] = []
    applicant.system.state.hook = lambda _, call: calls.append(call)
    applicant.open(applicant.address)

    assert not any("WaitingRoom" in call for call in calls)


def test_a_ticket_of_somebody_else_is_replaced_by_ones_own(applicant: Applicant) -> None:
    _joins(applicant)
    own = applicant.address

    applicant.open(f"{WAIT}?tiket=1234567890123-nonsense")
    assert applicant.address == own


def test_when_it_is_ones_turn_one_buys_as_one_chose(applicant: Applicant) -> None:
    applicant.open(CHECK)
    applicant.press(JOIN, cara="virtual_account")
    pause(applicant.browser.app, watermark_s=60)

    assert "Sekarang giliran Anda" in applicant.open(applicant.address).text
    applicant.press("Lanjut membayar")
    assert applicant.address == PAY
    assert applicant.order.method == "virtual_account"


def test_a_button_that_comes_too_early_keeps_the_place(applicant: Applicant) -> None:
    _joins(applicant)
    here = applicant.address
    pause(applicant.browser.app, watermark_s=60)
    applicant.open(here)
    pause(applicant.browser.app, watermark_s=-60)

    applicant.press("Lanjut membayar")
    assert applicant.address == here


def test_a_turn_that_is_over_is_said_and_another_place_is_a_click_away(
    applicant: Applicant,
) -> None:
    _joins(applicant)
    earlier = applicant.address
    applicant.waits(1)
    pause(applicant.browser.app, watermark_s=-5, over_s=-10)

    assert "Giliran Anda sudah lewat" in applicant.open(earlier).text
    applicant.press("Antre lagi")
    assert applicant.address not in (earlier, WAIT)
    assert "Orang di depan Anda" in applicant.page.text


def test_a_turn_that_ends_before_the_click_is_said(applicant: Applicant) -> None:
    _joins(applicant)
    pause(applicant.browser.app, watermark_s=60)
    applicant.open(applicant.address)
    applicant.waits(1)
    pause(applicant.browser.app, watermark_s=-5, over_s=-10)

    applicant.press("Lanjut membayar")
    assert "Giliran Anda sudah lewat" in applicant.page.text


def test_once_everybody_may_buy_nobody_waits(applicant: Applicant) -> None:
    _joins(applicant)
    applicant.system.state.snapshot = LoadSnapshot(applicant.system.now, {})

    assert "Antrean sudah tidak diperlukan" in applicant.open(applicant.address).text
    applicant.press("Lanjut membayar")
    assert applicant.address == PAY


def test_documents_are_prepared_meanwhile(applicant: Applicant) -> None:
    _joins(applicant)

    assert f'href="{AT}">Siapkan dokumen sambil menunggu' in applicant.page.html
    here = applicant.address
    applicant.edit(documents=())
    pause(applicant.browser.app, watermark_s=60)
    assert "Selesaikan dokumen" in applicant.open(here).text


def test_buying_that_is_paused_half_way_does_not_stop_who_has_ordered(browser: Browser) -> None:
    applicant = Applicant(browser)
    applicant.buy()
    pause(browser.app, watermark_s=-60)

    applicant.open(CHECK)
    assert applicant.address == PAY
    applicant.pays()
    applicant.open(PAY)
    assert applicant.page.text.count("Unduh PDF") == 2
