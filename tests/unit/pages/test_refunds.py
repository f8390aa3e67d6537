"""/saya/pengembalian: a refund's progress, and naming a bank account."""

import logging
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.errors import Unavailable
from meterai.domain.refunds.banks import BANKS
from meterai.domain.refunds.refunds import MAX_CLAIM_TRIES, RefundState
from tests.fakes.in_memory_state import fails
from tests.unit.functions.story import ORDER, REFUND
from tests.unit.pages.browser import Browser, Page
from tests.unit.pages.test_history import at

PAGE = f"/saya/pengembalian/{REFUND}"
TYPED = {"bank": "bca", "other": "", "number": "1234567890", "holder": "Dr. Budi Santoso, M.Kom."}


def link_in(page: Page) -> str:
    found = re.search(r'name="link" value="([^"]+)"', page.html)
    assert found
    return found[1]


def name_account(browser: Browser, **changes: str) -> Page:
    """Opens the page and sends its form."""
    return browser.post(PAGE, **({"link": link_in(browser.get(PAGE))} | TYPED | changes))


def test_a_refund_on_its_way_says_by_when(browser: Browser) -> None:
    page = at(browser, "read_refund").get(PAGE)

    assert "Dana Anda sedang dikembalikan. Paling lambat 25 November 2026" in page.text
    assert f'href="/saya/pesanan/{ORDER}"' in page.html
    assert "https://meterai.example/R/" in page.text
    assert "<select" not in page.html
    assert 'http-equiv="refresh"' in page.html


def test_a_late_refund_says_so(browser: Browser) -> None:
    at(browser, "read_refund").app.state.pass_time(timedelta(days=1, seconds=1))

    assert "Seharusnya sudah kembali 25 November 2026" in browser.get(PAGE).text


def test_a_named_account_gets_the_money_and_is_named_once(browser: Browser) -> None:
    at(browser, "create_claim_link")
    link = link_in(browser.get(PAGE))
    answers = [browser.post(PAGE, link=link, **TYPED) for _ in range(2)]

    assert [one.to for one in answers] == [PAGE, PAGE]
    refund = browser.app.state.refunds[REFUND]
    assert (refund.state, refund.attempt) == (RefundState.SUBMITTED, 2)
    assert "Ke rekening bank yang Anda sebutkan." in browser.get(PAGE).text
    assert "1234567890" not in browser.get(PAGE).html


def test_a_form_of_before_names_no_second_account(browser: Browser) -> None:
    at(browser, "create_claim_link")
    link = link_in(browser.get(PAGE))
    name_account(browser)
    claim = browser.app.state.refunds[REFUND].claim

    assert browser.post(PAGE, link=link, **TYPED | {"number": "9876543210"}).to == PAGE
    assert browser.app.state.refunds[REFUND].claim == claim


@pytest.mark.parametrize(
    ("changes", "name", "says"),
    [
        ({"bank": ""}, "bank", "Pilih bank Anda."),
        ({"bank": "lain", "other": ""}, "other", "Tulis nama singkat bank"),
        ({"bank": "lain", "other": "Bank Syariah"}, "other", "Tulis nama singkat bank"),
        ({"number": "12345A7890"}, "number", "dengan angka saja"),
        ({"number": "12345"}, "number", "dengan angka saja"),
        ({"number": "١٢٣٤٥٦٧٨٩٠"}, "number", "dengan angka saja"),
        ({"holder": " "}, "holder", "Tulis nama pemilik rekening"),
        ({"holder": "N" * 200}, "holder", "Tulis nama pemilik rekening"),
        ({"holder": "Budi Hartono"}, "holder", "terdaftar atas nama lain"),
        ({"number": "1111111111"}, "number", "tidak memiliki nomor rekening tersebut"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_is_kept(
    browser: Browser, changes: dict[str, str], name: str, says: str
) -> None:
    at(browser, "create_claim_link").app.ports.bank.holders["bca", "1111111111"] = None
    page = name_account(browser, **changes)

    assert page.status == 422
    [error] = re.findall(rf'<p class="error" id="{name}-error">([^<]+)', page.html)
    assert says in error
    assert page.html.count('class="error"') == 1
    typed = TYPED | changes
    assert f'value="{typed["number"]}"' in page.html
    assert f'value="{typed["holder"]}"' in page.html
    assert browser.app.state.refunds[REFUND].state is RefundState.NEEDS_ACCOUNT


def test_a_number_is_read_as_people_write_it(browser: Browser) -> None:
    at(browser, "create_claim_link").app.ports.bank.holders["bsi", "1234567890"] = "siti aisyah"

    sent = name_account(
        browser, bank="lain", other=" BSI ", number="123-456 78.90", holder="Siti Aisyah"
    )
    assert sent.to == PAGE


def test_a_name_from_right_to_left_is_compared_like_any_other(browser: Browser) -> None:
    name = "محمد رضوان"
    at(browser, "create_claim_link").app.ports.bank.holders["bca", "1234567890"] = name

    assert name_account(browser, holder=name).to == PAGE


def test_markup_in_a_name_stays_text(browser: Browser) -> None:
    page = name_account(at(browser, "create_claim_link"), holder='"><script>alert(1)</script>')

    assert page.status == 422
    assert "<script>alert" not in page.html


@pytest.mark.parametrize("link", ["", "1.1.x", "1.1796696101." + "A" * 26])
def test_a_forged_link_names_no_account(browser: Browser, link: str) -> None:
    page = name_account(at(browser, "create_claim_link"), link=link)

    assert page.status == 422
    assert "Rekening belum diterima" in page.text
    assert link_in(page) != link
    assert browser.app.state.refunds[REFUND].state is RefundState.NEEDS_ACCOUNT


def test_a_form_that_was_open_for_a_fortnight_can_be_sent_again(browser: Browser) -> None:
    at(browser, "create_claim_link")
    old = link_in(browser.get(PAGE))
    browser.app.state.pass_time(timedelta(days=14, seconds=2))
    page = browser.post(PAGE, link=old, **TYPED)

    assert page.status == 422
    assert "Tautan ini berlaku sampai" in page.text
    assert browser.post(PAGE, link=link_in(page), **TYPED).to == PAGE


def test_who_tried_too_many_accounts_hears_when_to_come_back(browser: Browser) -> None:
    state = at(browser, "create_claim_link").app.state
    state.refunds[REFUND] = replace(state.refunds[REFUND], claim_tries=MAX_CLAIM_TRIES)

    assert "Uang Anda tetap aman." in name_account(browser).text


def test_a_bank_that_does_not_answer_loses_nothing_that_was_typed(browser: Browser) -> None:
    at(browser, "create_claim_link").app.state.hook = fails(
        "Payouts.holder_of", Unavailable(party="midtrans")
    )
    page = name_account(browser)

    assert page.status == 422
    assert 'value="1234567890"' in page.html


def test_neither_number_nor_name_is_in_an_address_or_a_log(
    browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    at(browser, "create_claim_link")
    with caplog.at_level(logging.DEBUG):
        wrong = name_account(browser, number="1234567890x")
        right = name_account(browser)

    logged = caplog.text + right.to + repr(wrong.headers) + repr(right.headers)
    assert [secret in logged for secret in ("1234567890", "Santoso", "SANTOSO")] == [False] * 3


def test_the_banks_are_choices(browser: Browser) -> None:
    page = at(browser, "create_claim_link").get(PAGE)

    assert re.findall(r'<option value="([^"]*)"', page.html) == ["", *BANKS, "lain"]
