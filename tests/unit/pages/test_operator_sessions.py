"""What opens the operators' pages: a session of theirs, and no other; and what theirs opens."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.aws.cognito import CognitoSignIn
from meterai.container import container
from meterai.domain.operators import Operator
from meterai.domain.sessions import (
    APPLICANTS,
    OPERATORS,
    form_token,
    is_own_form,
    new_session,
    read_session,
    renewed_session,
)
from meterai.domain.sign_in.flow import App
from meterai.pages.areas import OF_APPLICANTS, OF_OPERATORS
from tests.applicant.browser import Browser as Visitor
from tests.fakes.token_keys import signer
from tests.local.issuer.server import Issuer
from tests.local.loopback import LoopbackServer
from tests.local.specs import ClientSpec
from tests.unit.pages.browser import ACCOUNT, Browser

PAGES = "https://meterai.example"
APP = App("operators", f"{PAGES}/operator/masuk/kembali", ("openid",))
SRI = Operator("e6ffcb24-87fa-5fd7-bdcd-cfd7ed9b0600", "sri.wahyuni")
APPLICANT = "sri@pelamar.example"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    server = LoopbackServer()
    client = ClientSpec(
        logical_id="OperatorClient",
        client_id=APP.client_id,
        client_secret="",
        scopes=("openid", "meterai/operator"),
        flows=("code",),
        callback_urls=(APP.redirect_uri,),
        logout_urls=(f"{PAGES}/operator",),
        pool_id="operators",
        by_email=False,
    )
    applicants = replace(
        client, client_id="applicants", pool_id="applicants", by_email=True, scopes=("openid",)
    )
    running = Issuer(server.url, [client, applicants], now=lambda: int(container.now.timestamp()))
    server.start(running)
    yield running
    server.stop()


def test_an_operator_signs_in_under_the_name_that_the_audit_trail_shows(
    browser: Browser, issuer: Issuer
) -> None:
    provider = CognitoSignIn(issuer.url, issuer.url, APP, f"{PAGES}/operator")
    with container.overriding(sign_in_provider=provider):
        asked = browser.get("/operator")
        assert asked.to == "/operator/masuk?ke=/operator"
        begun = browser.get(asked.to)
        browser.keep_cookies(begun)
        arrived = Visitor().sign_in(begun.to, SRI.name)
        back = browser.get(arrived.removeprefix(PAGES))

    assert back.to == "/operator"
    assert back.cookies[0].startswith(f"{OF_OPERATORS.session_cookie}=")
    assert back.cookies[0].endswith("; Path=/; Max-Age=3600; HttpOnly; Secure; SameSite=Lax")
    browser.keep_cookies(back)
    text = browser.cookies[OF_OPERATORS.session_cookie]
    session = read_session(OPERATORS, text, container.now, container.token_signer)
    assert session is not None
    assert session.name == SRI.name
    assert "Masuk sebagai sri.wahyuni." in browser.get("/operator").text


def test_who_signed_in_as_an_applicant_is_asked_again_by_the_operators_pool(
    browser: Browser, issuer: Issuer
) -> None:
    visitor = Visitor()
    provider = CognitoSignIn(issuer.url, issuer.url, APP, f"{PAGES}/operator")
    with container.overriding(sign_in_provider=provider):
        begun = browser.get("/operator/masuk").to
    visitor.sign_in(begun.replace("client_id=operators", "client_id=applicants"), APPLICANT)

    _, page = visitor.open(begun)

    assert page is not None
    assert SRI.name in page


def test_a_session_of_an_applicant_opens_no_page_of_operators(browser: Browser) -> None:
    session = new_session(APPLICANTS, ACCOUNT, container.now, container.token_signer)
    for name in (OF_OPERATORS.session_cookie, OF_APPLICANTS.session_cookie):
        browser.cookies = {name: session.text}
        assert browser.get("/operator").to == "/operator/masuk?ke=/operator"


def test_a_session_of_an_operator_opens_no_page_of_applicants(browser: Browser) -> None:
    browser.account, now = None, container.now
    session = new_session(OPERATORS, ACCOUNT, now, container.token_signer, name="sri")
    for name in (OF_OPERATORS.session_cookie, OF_APPLICANTS.session_cookie):
        browser.cookies = {name: session.text}
        assert browser.get("/saya").to == "/masuk?ke=/saya"


def test_a_session_that_was_forged_or_has_ended_opens_nothing(browser: Browser) -> None:
    now, ours = container.now, container.token_signer
    own = new_session(OPERATORS, SRI.operator_id, now, ours, name=SRI.name)
    other = new_session(OPERATORS, SRI.operator_id, now, ours, name="agus.pratama")
    for text in (
        own.text.replace(own.text.split(".")[1], other.text.split(".")[1]),  # another's name
        new_session(OPERATORS, SRI.operator_id, now, signer(b"other"), name=SRI.name).text,
        new_session(OPERATORS, SRI.operator_id, now - OPERATORS.lasts, ours).text,
        "x" * 8_000,
        "",
    ):
        browser.cookies = {OF_OPERATORS.session_cookie: text}
        assert browser.get("/operator").to == "/operator/masuk?ke=/operator"


def test_an_operators_session_ends_an_hour_after_the_last_click_and_after_a_shift() -> None:
    now, ours = container.now, signer()
    session = new_session(OPERATORS, SRI.operator_id, now, ours, name=SRI.name)
    assert session.ends_at == session.signed_in_at + HOUR

    later = now
    while session.is_due_for_renewal(later := later + 50 * MINUTE):
        session = renewed_session(session, later, ours)
        assert session.name == SRI.name
    assert session.ends_at == session.signed_in_at + 8 * HOUR


def test_a_page_that_is_left_open_keeps_nobody_signed_in(browser: Browser) -> None:
    browser.account, now = None, container.now
    began = new_session(OPERATORS, SRI.operator_id, now, container.token_signer, name=SRI.name)
    browser.cookies = {OF_OPERATORS.session_cookie: began.text}
    browser.app.state.pass_time(50 * MINUTE)

    assert browser.get("/operator").cookies == ()
    assert browser.get("/operator/keluar").cookies[0].startswith(OF_OPERATORS.session_cookie)


def test_a_form_token_of_an_applicant_is_none_of_an_operator() -> None:
    now, ours = container.now, signer()
    token = form_token(APPLICANTS, ACCOUNT, now, ours)
    assert is_own_form(APPLICANTS, token, ACCOUNT, now, ours)
    assert not is_own_form(OPERATORS, token, ACCOUNT, now, ours)


def test_an_operator_signs_out_by_a_form_of_their_own_page(browser: Browser) -> None:
    browser.operator = SRI
    provider = CognitoSignIn("https://sign-in.example", "https://issuer", APP, f"{PAGES}/operator")
    with container.overriding(sign_in_provider=provider):
        theirs = form_token(APPLICANTS, ACCOUNT, container.now, container.token_signer)
        assert browser.post("/operator/keluar", token=theirs).status == 403
        out = browser.post("/operator/keluar")

    assert out.to.startswith("https://sign-in.example/logout?client_id=operators")
    assert out.cookies[0].startswith(f"{OF_OPERATORS.session_cookie}=;")
