"""Sign-in as apps do it, over HTTP alone: a page of the web, and a phone, until log-out."""

import time
from urllib.parse import parse_qs, urlsplit

import pytest

from meterai_cli.sign_in.errors import SignInFailed, SignInNeeded
from meterai_cli.sign_in.flow import App, address, begin, finish, sign_out_address
from meterai_cli.sign_in.provider import Provider, post
from tests.applicant.browser import Browser
from tests.applicant.client import Applicant
from tests.local.environment import PHONE_RETURN, Environment

WEB_RETURN = "https://pages.meterai.example/"
SRI, BUDI = "sri@pelamar.example", "budi@pelamar.example"


@pytest.fixture(scope="module")
def provider(environment: Environment) -> Provider:
    return Provider.discover(environment.account.outputs["Issuer"])


@pytest.fixture
def web(environment: Environment) -> App:
    return App(environment.account.outputs["ApplicantClientId"], WEB_RETURN)


@pytest.fixture
def phone(web: App) -> App:
    return App(web.client_id, PHONE_RETURN)


def test_what_somebody_bought_on_a_page_is_found_on_their_phone(
    environment: Environment, provider: Provider, web: App, phone: App
) -> None:
    bought, subjects = set(), set()
    for app in (web, phone):
        pending = begin()
        arrived = Browser().sign_in(address(provider, app, pending, language="id"), SRI)
        session = finish(provider, app, pending, arrived)
        applicant = Applicant(environment.account.api_url, session.access_token())
        bought.add(applicant.buy(1)["order_id"])
        assert {one["order_id"] for one in applicant.get("/v1/orders")["orders"]} == bought
        subjects.add(session.subject)
    assert len(subjects) == 1


def test_a_session_renews_itself_until_the_person_logs_out(
    environment: Environment, provider: Provider, web: App
) -> None:
    browser, pending, passed_s = Browser(), begin(), 0.0
    arrived = browser.sign_in(address(provider, web, pending), BUDI)
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
    arrived = Browser().sign_in(address(provider, web, pending), BUDI)
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
