"""What a session is good for, on a page with a form: with two tabs, two accounts, and strangers."""

from datetime import timedelta

import pytest

from meterai.container import container
from meterai.domain.sessions import APPLICANTS, form_token, new_session
from meterai.pages.answers import PageAnswer, Redirect, Shown
from meterai.pages.areas import OF_APPLICANTS
from meterai.pages.site import Site
from meterai.pages.visits import Visit
from tests.fakes.token_keys import signer
from tests.unit.pages.browser import ACCOUNT, Browser

BUDI = "0f3c2b7a-9d1e-4c55-8a6b-2f7e9c4d1b20"
FORM = "/saya/formulir"


@pytest.fixture
def sent(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """By which accounts the form was sent, of a site with one page of one's own."""
    accounts: list[str] = []

    def show(visit: Visit) -> PageAnswer:
        return Shown("sign_out") if visit.account else Redirect("/")

    def take(visit: Visit) -> PageAnswer:
        accounts.append(visit.account)
        return Redirect(visit.path)

    site = Site(container)
    site.page(FORM, show, form=take)
    monkeypatch.setattr("functions.pages.app.handler", site.handler)
    assert browser.account == ACCOUNT
    return accounts


def test_a_form_is_taken_from_its_own_page(browser: Browser, sent: list[str]) -> None:
    browser.headers["sec-fetch-site"] = "same-origin"

    assert browser.post(FORM).to == FORM
    assert sent == [ACCOUNT]


def test_a_form_that_is_sent_after_its_session_ended_comes_back_to_its_page(
    browser: Browser, sent: list[str]
) -> None:
    token = form_token(APPLICANTS, ACCOUNT, container.now, container.token_signer)
    ended = new_session(
        APPLICANTS, ACCOUNT, container.now - APPLICANTS.lasts, container.token_signer
    )
    browser.cookies[OF_APPLICANTS.session_cookie] = ended.text

    assert browser.post(FORM, token=token).to == f"/masuk?ke={FORM}"
    assert browser.get(FORM).to == f"/masuk?ke={FORM}"

    del browser.cookies[
        OF_APPLICANTS.session_cookie
    ]  # signed in again: the form that is open is still good
    assert browser.post(FORM, token=token).to == FORM
    assert sent == [ACCOUNT]


def test_a_form_that_is_open_in_a_second_tab_is_taken_after_the_session_was_renewed(
    browser: Browser, sent: list[str]
) -> None:
    first = form_token(APPLICANTS, ACCOUNT, container.now, container.token_signer)
    session = new_session(APPLICANTS, ACCOUNT, container.now, container.token_signer)
    browser.cookies[OF_APPLICANTS.session_cookie] = session.text
    browser.app.state.pass_time(timedelta(hours=2))
    renewed = browser.get(FORM)
    browser.keep_cookies(renewed)

    assert browser.cookies[OF_APPLICANTS.session_cookie] != session.text
    assert browser.post(FORM, token=first).to == FORM
    assert sent == [ACCOUNT]


def test_a_form_is_not_taken_after_somebody_signed_out_in_another_tab(
    browser: Browser, sent: list[str]
) -> None:
    token = form_token(APPLICANTS, ACCOUNT, container.now, container.token_signer)
    browser.account = None

    assert browser.post(FORM, token=token).to == f"/masuk?ke={FORM}"
    assert sent == []


def test_a_form_of_one_account_is_not_taken_in_the_session_of_another(
    browser: Browser, sent: list[str]
) -> None:
    """Somebody else signed in in another tab, meanwhile."""
    token = form_token(APPLICANTS, BUDI, container.now, container.token_signer)

    page = browser.post(FORM, token=token)

    assert page.status == 403
    assert "Muat ulang halamannya" in page.text
    assert f'href="{FORM}"' in page.html
    assert sent == []


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_of_another_site_is_not_taken_even_with_a_token(
    browser: Browser, sent: list[str], site: str
) -> None:
    browser.headers["sec-fetch-site"] = site

    assert browser.post(FORM).status == 403
    assert sent == []


def test_a_session_signed_with_another_key_is_nobody(browser: Browser, sent: list[str]) -> None:
    browser.cookies[OF_APPLICANTS.session_cookie] = new_session(
        APPLICANTS, ACCOUNT, container.now, signer(b"other")
    ).text

    assert browser.post(FORM).to == f"/masuk?ke={FORM}"
    assert sent == []


def test_cookies_that_are_rubbish_or_huge_are_nobody(browser: Browser) -> None:
    browser.account = None
    for rubbish in ("", "=", "." * 8_000, "x" * 8_000, "é", '"; Path=/'):
        browser.cookies = {
            OF_APPLICANTS.session_cookie: rubbish,
            "": "",
            **{f"c{i}": "x" for i in range(200)},
        }
        assert browser.get("/saya").to == "/masuk?ke=/saya"


@pytest.mark.parametrize(
    "rubbish", ["", "*", ";;;", "xx-" * 3_000, "en;q=nan", "id;q=2", "é,\x00", "en" * 5_000]
)
def test_a_language_that_is_rubbish_is_indonesian(browser: Browser, rubbish: str) -> None:
    browser.language = rubbish

    page = browser.get("/")

    assert (page.status, page.headers["Content-Language"]) == (200, "id")
