"""What all pages have in common: errors, sessions, forms, languages, static files."""

import re
from html import unescape

import pytest

from meterai.container import container
from meterai.domain.sessions import APPLICANTS, new_session
from meterai.pages.areas import OF_APPLICANTS
from tests.fakes.in_memory_state import Moment
from tests.unit.functions.function_app import sample
from tests.unit.pages.browser import Browser

ENGLISH = {"bahasa": "en"}


def test_the_sample_event_shows_the_first_page(browser: Browser) -> None:
    returned = browser.app.invoke("pages", sample("pages"))

    assert returned["statusCode"] == 200
    assert "Rp10.000" in returned["body"]


def test_the_first_page_says_the_price_in_the_readers_language(browser: Browser) -> None:
    indonesian = browser.get("/")
    browser.language = "en"
    english = browser.get("/")

    assert "Rp10.000 untuk satu e-meterai" in indonesian.text
    assert "Rp10,000 for one e-meterai" in english.text
    assert (indonesian.headers["Content-Language"], english.headers["Content-Language"]) == (
        "id",
        "en",
    )


def test_a_chosen_language_is_kept_and_the_address_is_clean_again(browser: Browser) -> None:
    page = browser.get("/?bahasa=en")

    assert page.to == "/"
    assert page.cookies[0].startswith("bahasa=en;")


def test_an_unknown_address_is_a_page(browser: Browser) -> None:
    page = browser.get("/saya/tidak-ada")

    assert page.status == 404
    assert "Halaman tidak ditemukan" in page.text


def test_a_style_sheet_is_kept_for_ever_under_the_name_of_its_content(browser: Browser) -> None:
    [address] = re.findall(r'rel="stylesheet" href="([^"]+)"', browser.get("/").html)

    present = browser.get(address)
    older = browser.get(re.sub("-[0-9a-f]{12}", "-000000000000", address))

    assert present.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert older.headers["Cache-Control"] == "no-store"
    assert present.html == older.html
    assert browser.get("/statis/..-000000000000.css").status == 404


def test_no_page_can_be_framed_or_run_a_strangers_script(browser: Browser) -> None:
    policy = browser.get("/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy


def test_a_session_that_is_used_is_renewed_after_an_hour(browser: Browser) -> None:
    old = new_session(
        APPLICANTS, "somebody", container.now - APPLICANTS.lasts / 2, container.token_signer
    )
    browser.cookies[OF_APPLICANTS.session_cookie] = old.text

    renewed = browser.get("/")

    assert renewed.cookies[0].startswith(f"{OF_APPLICANTS.session_cookie}=somebody.")
    assert "HttpOnly" in renewed.cookies[0]


def test_a_forged_session_is_nobody(browser: Browser) -> None:
    session = new_session(APPLICANTS, "somebody", container.now, container.token_signer)
    browser.cookies[OF_APPLICANTS.session_cookie] = session.text.replace("somebody", "victim")

    assert "/masuk" in browser.get("/").html


def test_another_language_keeps_the_page_and_what_it_was_asked(browser: Browser) -> None:
    address = "/?nomor=1&kunci=a%2Fb"
    [switch] = re.findall(r'href="([^"]+)" lang="en"', browser.get(address).html)
    assert unescape(switch) == f"{address}&bahasa=en"

    assert browser.get(unescape(switch)).to == address


def test_a_change_of_language_leads_to_no_other_site(browser: Browser) -> None:
    event = sample("pages") | {"rawPath": "//evil.example", "queryStringParameters": ENGLISH}
    event["requestContext"]["http"]["path"] = "//evil.example"

    assert browser.app.invoke("pages", event)["headers"]["Location"] == "/evil.example"


def test_a_browser_past_the_edge_is_led_to_the_pages_address(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EDGE_KEY_HASHES", "0" * 64)
    monkeypatch.setenv("PUBLIC_HOST", "meterai.example")
    at_the_edge = container.settings.model_copy(update={"pages_url": "https://meterai.example"})
    with container.overriding(settings=at_the_edge):
        returned = browser.app.invoke("pages", sample("pages") | {"rawPath": "//saya/a b"})

    assert returned["statusCode"] == 303
    assert returned["headers"]["Location"] == "https://meterai.example//saya/a%20b"


@pytest.mark.parametrize(("cookies", "said"), [({}, "di pihak kami"), (ENGLISH, "on our side")])
def test_an_unexpected_error_is_a_page_in_the_chosen_language(
    browser: Browser, cookies: dict[str, str], said: str
) -> None:
    browser.cookies |= cookies

    def hook(moment: Moment, call: str) -> None:
        if (moment, call) == ("before", "Drafts.of_account"):
            raise ZeroDivisionError

    browser.app.state.hook = hook
    page = browser.get("/saya/pengajuan")

    assert page.status == 500
    assert said in page.text
