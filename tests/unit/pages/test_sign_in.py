"""Signing in and out: the pages and the adapter in front of an issuer that refuses what Cognito
refuses."""

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from werkzeug.wrappers import Response

from meterai.aws.cognito import CognitoSignIn
from meterai.container import container
from meterai.domain.sessions import APPLICANTS, read_session
from meterai.domain.sign_in.begun import OWN_PAGE
from meterai.domain.sign_in.flow import App
from meterai.pages.areas import OF_APPLICANTS
from meterai.pages.views.sign_in import MAX_BEGUN
from tests.applicant.browser import Browser as Visitor
from tests.local.issuer.server import Issuer
from tests.local.loopback import LoopbackServer
from tests.local.specs import ClientSpec
from tests.unit.functions.function_app import sample
from tests.unit.pages.browser import ACCOUNT, Browser, Page

SRI = "sri@pelamar.example"
SRIS_ACCOUNT = "e6ffcb24-87fa-5fd7-bdcd-cfd7ed9b0600"
PAGES = "https://meterai.example"
WANTED = "/saya?key=a%2Fb&etag=c"
APP = App("pages", f"{PAGES}/masuk/kembali", ("openid",))


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    server = LoopbackServer()
    client = ClientSpec(
        logical_id="ApplicantClient",
        client_id=APP.client_id,
        client_secret="",
        scopes=("openid", "email", "meterai/applicant"),
        flows=("code",),
        callback_urls=(APP.redirect_uri,),
        logout_urls=(f"{PAGES}/",),
    )
    running = Issuer(server.url, [client], now=_now_s)
    server.start(running)
    yield running
    server.stop()


@pytest.fixture
def stranger(browser: Browser, issuer: Issuer) -> Iterator[Browser]:
    """Nobody is signed in."""
    browser.account = None
    provider = CognitoSignIn(issuer.url, issuer.url, APP, f"{PAGES}/")
    with container.overriding(sign_in_provider=provider):
        yield browser


def test_the_sample_event_leads_to_the_sign_in_page_and_back_to_where_it_began(
    stranger: Browser, issuer: Issuer
) -> None:
    returned = stranger.app.invoke("sign_in", sample("sign_in"))

    assert returned["statusCode"] == 303
    assert returned["headers"]["Location"].startswith(f"{issuer.url}/oauth2/authorize?")
    assert "lang=id" in returned["headers"]["Location"]


def test_who_wants_a_page_of_their_own_comes_to_it_after_signing_in(stranger: Browser) -> None:
    sent = stranger.get(WANTED)
    assert sent.to == f"/masuk?ke={quote(WANTED, safe='/')}"

    back = _signed_in(stranger, sent.to)

    assert back.to == WANTED
    session, begun = back.cookies
    assert session.startswith(f"{OF_APPLICANTS.session_cookie}=")
    assert session.endswith("; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax")
    assert begun.startswith(OF_APPLICANTS.begun_cookie)
    assert "Max-Age=0" in begun
    assert stranger.get("/saya").status == 200
    assert _account(stranger) == SRIS_ACCOUNT


def test_the_same_person_is_the_same_account_in_every_browser(stranger: Browser) -> None:
    accounts = set()
    for _ in range(2):
        stranger.cookies.clear()
        _signed_in(stranger, "/masuk")
        accounts.add(_account(stranger))
    assert accounts == {SRIS_ACCOUNT}


def test_what_was_begun_is_kept_out_of_the_reach_of_scripts(stranger: Browser) -> None:
    (cookie,) = stranger.get("/masuk").cookies

    assert cookie.startswith(OF_APPLICANTS.begun_cookie)
    assert cookie.endswith("; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax")


def test_two_tabs_sign_in_beside_each_other(stranger: Browser) -> None:
    first, second = (_begun(stranger, f"/masuk?ke=/saya/{tab}") for tab in ("a", "b"))

    assert _come_back(stranger, _arrived(first)).to == "/saya/a"
    assert _come_back(stranger, _arrived(second)).to == "/saya/b"


def test_sign_ins_that_were_given_up_do_not_pile_up(stranger: Browser) -> None:
    for number in range(MAX_BEGUN + 3):
        _begun(stranger, f"/masuk?ke=/saya/{number}")
        assert len(stranger.cookies) <= MAX_BEGUN

    assert _signed_in(stranger, "/masuk?ke=/saya/last").to == "/saya/last"


def test_who_is_signed_in_goes_straight_to_the_page(stranger: Browser) -> None:
    stranger.account = ACCOUNT

    assert stranger.get("/masuk?ke=/saya/pengajuan").to == "/saya/pengajuan"
    assert stranger.get("/masuk?ke=//evil.example/").to == OWN_PAGE


def test_nobody_is_sent_to_another_site_after_signing_in(stranger: Browser) -> None:
    for wanted in ("https://evil.example/", "//evil.example/", "/%5Cevil.example/", "/%09/evil"):
        assert _signed_in(stranger, f"/masuk?ke={wanted}").to == OWN_PAGE
        stranger.cookies.clear()


def test_one_who_gives_up_at_the_sign_in_page_can_begin_again(stranger: Browser) -> None:
    address = _begun(stranger, f"/masuk?ke={quote(WANTED)}")

    page = _come_back(stranger, f"?error=access_denied&state={_state(address)}")

    assert page.status == 403
    assert "Proses masuk dihentikan sebelum selesai" in page.text
    assert _begins_again(page) == f"/masuk?ke={quote(WANTED)}"


def test_an_answer_to_somebody_elses_sign_in_is_refused_before_its_code_is_used(
    stranger: Browser,
) -> None:
    theirs = _arrived(_begun(stranger, "/masuk"))
    stranger.cookies.clear()
    own = _begun(stranger, f"/masuk?ke={quote(WANTED)}")

    page = _come_back(stranger, theirs)

    assert (page.status, page.cookies) == (403, ())
    assert "dibuka di peramban lain" in page.text
    assert _begins_again(page) == f"/masuk?ke={OWN_PAGE}"
    assert _come_back(stranger, _arrived(own)).to == WANTED


def test_a_sign_in_that_took_too_long_comes_to_its_page_at_the_second_try(
    stranger: Browser,
) -> None:
    address = _begun(stranger, f"/masuk?ke={quote(WANTED)}")
    stranger.app.state.pass_time(timedelta(minutes=11))

    page = _come_back(stranger, _arrived(address))

    assert page.status == 403
    assert "lebih dari 10 menit" in page.text
    assert _signed_in(stranger, _begins_again(page)).to == WANTED


def test_a_page_that_was_wanted_cannot_be_planted(stranger: Browser) -> None:
    address = _begun(stranger, "/masuk?ke=/saya/a")
    (name, text), *_ = stranger.cookies.items()
    parts = text.split(".")
    parts[3] = "Ly9ldmls"  # //evil
    stranger.cookies[name] = ".".join(parts)

    assert _come_back(stranger, _arrived(address)).status == 403


def test_an_answer_that_is_loaded_again_changes_nothing(stranger: Browser) -> None:
    arrived = _arrived(_begun(stranger, f"/masuk?ke={quote(WANTED)}"))
    before = dict(stranger.cookies)
    assert _come_back(stranger, arrived).to == WANTED

    assert _come_back(stranger, arrived).to == OWN_PAGE
    stranger.cookies = before  # the first answer was lost on its way
    page = _come_back(stranger, arrived)
    assert page.status == 403
    assert "hanya dapat dipakai satu kali" in page.text


def test_an_issuer_that_does_not_answer_can_be_asked_again(
    stranger: Browser, issuer: Issuer
) -> None:
    arrived = _arrived(_begun(stranger, f"/masuk?ke={quote(WANTED)}"))
    silent = CognitoSignIn("http://127.0.0.1:1", issuer.url, APP, f"{PAGES}/")
    with container.overriding(sign_in_provider=silent):
        page = _come_back(stranger, arrived)

    assert page.status == 503
    assert "Layanan masuk belum menjawab" in page.text
    assert "tetap tersimpan" in page.text
    assert _begins_again(page) == f"/masuk?ke={quote(WANTED)}"
    assert _come_back(stranger, arrived).to == WANTED  # by a reload


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Response('{"error":"invalid_grant"}', 400), "hanya dapat dipakai satu kali"),
        (Response('{"message":"Too many requests"}', 429), "belum menjawab"),
        (Response("<h1>Bad Gateway</h1>", 502), "belum menjawab"),
        (Response("<h1>Maintenance</h1>", 200), "belum menjawab"),
        (Response('{"access_token":"a"}', 200), "belum menjawab"),
        (Response("[]", 200), "belum menjawab"),
        (Response('{"access_token":"a","id_token":"no token"}', 200), "Demi keamanan akun Anda"),
        (Response('{"access_token":"a","id_token":"a.W10.b"}', 200), "Demi keamanan akun Anda"),
    ],
)
def test_whatever_the_token_endpoint_answers_is_a_page_and_no_session(
    stranger: Browser, issuer: Issuer, answer: Response, says: str
) -> None:
    arrived = _arrived(_begun(stranger, "/masuk"))
    server = LoopbackServer()
    server.start(answer)
    try:
        odd = CognitoSignIn(server.url, issuer.url, APP, f"{PAGES}/")
        with container.overriding(sign_in_provider=odd):
            page = _come_back(stranger, arrived)
    finally:
        server.stop()

    assert page.status in (403, 503)
    assert says in page.text
    assert page.cookies == ()


def test_an_id_token_of_another_sign_in_signs_nobody_in(stranger: Browser) -> None:
    address = _begun(stranger, f"/masuk?ke={quote(WANTED)}")
    nonce = parse_qs(urlsplit(address).query)["nonce"][0]

    page = _come_back(stranger, _arrived(address.replace(nonce, "of-another")))

    assert (page.status, page.cookies) == (503, ())
    assert "Demi keamanan akun Anda" in page.text


def test_the_pages_of_a_failed_sign_in_are_in_the_readers_language(stranger: Browser) -> None:
    stranger.language = "en"

    page = stranger.get("/masuk/kembali?code=x&state=y")

    assert "Sign in again" in page.text
    assert 'lang="en"' in page.html


def test_who_signs_out_is_signed_out_at_the_sign_in_page_as_well(stranger: Browser) -> None:
    _signed_in(stranger, "/masuk")
    account = stranger.account = _account(stranger)

    out = stranger.post("/keluar")

    stranger.keep_cookies(out)
    stranger.account = None
    assert stranger.cookies == {}
    arrived, page = Visitor().open(out.to)
    assert (arrived, page) == (f"{PAGES}/", None)
    assert "/masuk?ke=" in stranger.get("/saya").to
    assert account == SRIS_ACCOUNT


def test_nobody_is_signed_out_by_another_sites_form(stranger: Browser) -> None:
    """Its request brings no cookie, or, from another host of this domain, no token."""
    assert stranger.post("/keluar").to == "/"
    stranger.account = ACCOUNT

    for tried in (stranger.post("/keluar", token=""), _cross_site(stranger)):
        assert (tried.status, tried.cookies) == (403, ())
        assert 'href="/keluar"' in tried.html
    assert "Keluar dari akun ini?" in stranger.get("/keluar").text


def test_somebody_who_is_signed_out_already_is_not_asked(stranger: Browser) -> None:
    assert stranger.get("/keluar").to == "/"


def _now_s() -> float:
    return container.now.timestamp()


def _begun(browser: Browser, address: str) -> str:
    """Where the browser is sent to sign in."""
    page = browser.get(address)
    browser.keep_cookies(page)
    return page.to


def _arrived(address: str) -> str:
    """The query with which it comes back."""
    return "?" + urlsplit(Visitor().sign_in(address, SRI)).query


def _come_back(browser: Browser, query: str) -> Page:
    page = browser.get(f"/masuk/kembali{query}")
    browser.keep_cookies(page)
    return page


def _signed_in(browser: Browser, address: str) -> Page:
    return _come_back(browser, _arrived(_begun(browser, address)))


def _state(address: str) -> str:
    return parse_qs(urlsplit(address).query)["state"][0]


def _begins_again(page: Page) -> str:
    (address,) = re.findall(r'class="button" href="([^"]+)"', page.html)
    return unescape(address)


def _account(browser: Browser) -> str:
    text = browser.cookies[OF_APPLICANTS.session_cookie]
    session = read_session(APPLICANTS, text, container.now, container.token_signer)
    assert session is not None
    return session.subject


def _cross_site(browser: Browser) -> Page:
    browser.headers["sec-fetch-site"] = "cross-site"
    try:
        return browser.post("/keluar")
    finally:
        browser.headers.clear()
