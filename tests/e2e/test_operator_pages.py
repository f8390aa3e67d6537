"""An operator signs in on their own pages, and sees how the system is."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
import urllib3

from meterai.pages.areas import OF_APPLICANTS, OF_OPERATORS
from tests.applicant.browser import Browser
from tests.local.environment import Environment


class OperatorBrowser:
    """Without script; keeps the cookies of our pages."""

    def __init__(self, environment: Environment) -> None:
        self.origin = environment.account.api_url
        self.jar = dict[str, str]()

    def ask(self, method: str, address: str, **form: str) -> urllib3.BaseHTTPResponse:
        answer = urllib3.request(
            method,
            address if "://" in address else self.origin + address,
            body=urlencode(form) if form else None,
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items()),
            },
            timeout=30.0,  # the first request to a function starts it
            redirect=False,
            retries=False,
        )
        for cookie in answer.headers.getlist("Set-Cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.jar[name] = value
            if "Max-Age=0" in cookie:
                del self.jar[name]
        return answer

    def text(self, address: str) -> str:
        answer = self.ask("GET", address)
        assert answer.status == 200, answer.data.decode()
        main = answer.data.decode().partition("<main")[2].partition("</main")[0]
        return " ".join(unescape(re.sub("<[^>]+>", " ", main)).split())

    def sign_in(self, name: str) -> None:
        wanted = self.ask("GET", "/operator").headers["location"]
        begun = self.ask("GET", wanted).headers["location"]
        arrived = Browser().sign_in(begun, name)
        assert arrived.startswith(f"{self.origin}/operator/masuk/kembali?code=")
        back = self.ask("GET", arrived)
        assert (back.status, back.headers["location"]) == (303, "/operator")
        assert list(self.jar) == [OF_OPERATORS.session_cookie]


@pytest.fixture
def operator(environment: Environment) -> OperatorBrowser:
    browser = OperatorBrowser(environment)
    browser.sign_in("sri.wahyuni")
    return browser


def test_an_operator_sees_the_system_and_signs_out(
    environment: Environment, operator: OperatorBrowser
) -> None:
    outcome = environment.account.fire_schedule("PublishLoadSnapshotFunction")
    assert outcome.error_type is None, outcome.payload

    text = operator.text("/operator")

    assert "Masuk sebagai sri.wahyuni." in text
    assert "Pengukuran berhenti" not in text
    assert "Pembubuhan mendesak" in text
    theirs = operator.jar[OF_OPERATORS.session_cookie]
    operator.jar[OF_APPLICANTS.session_cookie] = theirs
    assert operator.ask("GET", "/saya").headers["location"] == "/masuk?ke=/saya"
    page = operator.ask("GET", "/operator").data.decode()
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', page))
    out = operator.ask("POST", "/operator/keluar", token=token)
    assert "/logout?" in out.headers["location"]
    assert operator.ask("GET", "/operator").status == 303
