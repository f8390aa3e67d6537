"""Sign-in over HTTP alone: as apps do it, a page of the web and a phone, and on our own pages."""

import re
import time
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
import urllib3

from meterai.pages.areas import OF_APPLICANTS
from meterai_cli.sign_in.errors import SignInFailed, SignInNeeded
from meterai_cli.sign_in.flow import App, address, begin, finish, sign_out_address
from meterai_cli.sign_in.provider import Provider, post
from tests.applicant.browser import Browser
from tests.applicant.client import Applicant
from tests.applicant.cookies import cookie_header, keep_cookies
from tests.local.environment import PHONE_RETURN, Environment

WEB_RETURN = "https://pages.meterai.example/"
# Of the issuer's people; the developer's page buys for Sri as well, and for Yohanes nobody does.
SRI, YOHANES = "sri@pelamar.example", "yohanes@pelamar.example"


@pytest.fixture(scope="module")
def provider(environment: Environment) -> Provider:
    return Provider.discover(environment.account.outputs["Issuer"])


@pytest.fixture
def web(environment: Environment) -> App:
    return App(environment.account.outputs["ApplicantClientId"], WEB_RETURN)


@pytest.fixture
def phone(web: App) -> App:
    return App(web.client_id, PHONE_RETURN)


def _orders_of(applicant: Applicant) -> set[str]:
    return {one["order_id"] for one in applicant.get("/v1/orders")["orders"]}


def test_what_somebody_bought_on_a_page_is_found_on_their_phone(
    environment: Environment, provider: Provider, web: App, phone: App
) -> None:
    earlier: set[str] | None = None
    bought, subjects = set(), set()
    for app in (web, phone):
        pending = begin()
        arrived = Browser().sign_in(address(provider, app, pending, language="id"), SRI)
        session = finish(provider, app, pending, arrived)
        applicant = Applicant(environment.account.api_url, session.access_token())
        if earlier is None:
            earlier = _orders_of(applicant)
        bought.add(applicant.buy(1)["order_id"])
        assert _orders_of(applicant) - earlier == bought
        subjects.add(session.subject)
    assert len(subjects) == 1


def test_a_session_renews_itself_until_the_person_logs_out(
    environment: Environment, provider: Provider, web: App
) -> None:
    browser, pending, passed_s = Browser(), begin(), 0.0
    arrived = browser.sign_in(address(provider, web, pending), YOHANES)
    with pytest.raises(SignInFailed, match="another sign-in"):
        finish(provider, web, begin(), arrived)  # of somebody else: the code stays unused
    session = finish(provider, web, pending, arrived, now=lambda: time.time() + passed_s)
    first = session.access_token()
    assert session.access_token() == first

    passed_s = 3600.0 - 30  # the token is about to expire
    renewed = session.access_token()
    assert renewed != first
    assert Applicant(environment.account.api_url, renewed).get("/v1/orders")["orders"] == []

    session.revoke()
    with pytest.raises(SignInNeeded, match="sign in again"):
        session.access_token()
    assert browser.open(sign_out_address(provider, web)) == (WEB_RETURN, None)
    # The next person at the browser is asked who they are.
    _, page = browser.open(address(provider, web, begin()))
    assert page is not None


def test_an_id_token_is_for_the_app_and_opens_nothing(
    environment: Environment, provider: Provider, web: App
) -> None:
    pending = begin()
    arrived = Browser().sign_in(address(provider, web, pending), YOHANES)
    form = {
        "grant_type": "authorization_code",
        "client_id": web.client_id,
        "redirect_uri": web.redirect_uri,
        "code": parse_qs(urlsplit(arrived).query)["code"][0],
        "code_verifier": pending.code_verifier,
    }
    status, tokens = post(provider.token_endpoint, form)
    assert status == 200
    answer = Applicant(environment.account.api_url, tokens["id_token"]).ask("GET", "/v1/orders")
    assert answer.status == 403


def test_somebody_signs_in_on_our_pages_and_out(
    environment: Environment, provider: Provider, phone: App
) -> None:
    pages, browser, jar = environment.account.api_url, Browser(), dict[str, str]()
    wanted = _ask(jar, "GET", f"{pages}/saya").headers["location"]
    begun = _ask(jar, "GET", f"{pages}{wanted}").headers["location"]
    arrived = browser.sign_in(begun, SRI)
    assert arrived.startswith(f"{pages}/masuk/kembali?code=")
    back = _ask(jar, "GET", arrived)
    assert (back.status, back.headers["location"], list(jar)) == (
        303,
        "/saya",
        [OF_APPLICANTS.session_cookie],
    )

    own = _ask(jar, "GET", f"{pages}/saya")
    assert own.status == 200
    pending = begin()
    on_the_phone = finish(
        provider, phone, pending, browser.sign_in(address(provider, phone, pending), SRI)
    )
    assert jar[OF_APPLICANTS.session_cookie].startswith(f"{on_the_phone.subject}."), (
        "the account of the API"
    )

    (token,) = set(re.findall(r'name="token" value="([^"]+)"', own.data.decode()))
    out = _ask(jar, "POST", f"{pages}/keluar", token=token)
    assert (out.status, jar) == (303, {})
    assert browser.open(out.headers["location"]) == (f"{pages}/", None)
    assert _ask(jar, "GET", f"{pages}/saya").status == 303
    _, page = browser.open(begun)
    assert page is not None, "the next person at the browser is asked who they are"


def _ask(jar: dict[str, str], method: str, url: str, **form: str) -> urllib3.BaseHTTPResponse:
    """With the cookies of our pages, as a browser has them."""
    answer = urllib3.request(
        method,
        url,
        body=urlencode(form) if form else None,
        headers={
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": cookie_header(jar),
        },
        timeout=30.0,  # the first request to a function starts it
        redirect=False,
        retries=False,
    )
    keep_cookies(jar, answer.headers.getlist("Set-Cookie"))
    return answer
