"""Somebody who signs in, and the app that sent them: what the tests of the issuer ask of it."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from joserfc import jwt
from joserfc.jwk import KeySet
from werkzeug.test import Client, TestResponse

from tests.local.issuer.server import Issuer
from tests.local.specs import ClientSpec

URL = "http://issuer.example"
PAGE = "https://pages.example/"
PHONE = "example.pages.app:/signed-in"
VERIFIER = "a-verifier-of-more-than-forty-three-characters"
HOUR_S = 3600
APP = ClientSpec(
    logical_id="App",
    client_id="app",
    client_secret="",
    scopes=("openid", "email", "shop/buy"),
    flows=("code",),
    callback_urls=(PAGE, PHONE),
    logout_urls=(PAGE,),
    retry_grace_s=60,
)
CLIENTS = (
    APP,
    replace(APP, client_id="other"),
    replace(APP, client_id="plain", retry_grace_s=None),
    replace(APP, client_id="unstyled", has_login_page=False),
    replace(APP, client_id="machine", client_secret="s3cret", flows=("client_credentials",)),
)


class Time:
    """Of the issuer. A test moves it."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Visitor:
    """A browser, and the program that it came from."""

    browser: Client
    time: Time
    issuer: Issuer

    def authorize(self, **changes: str | None) -> TestResponse:
        return self.browser.get("/oauth2/authorize?" + urlencode(asked(changes)))

    def sign_in(self, username: str = "Sri@pelamar.example", **changes: str | None) -> str:
        """The code with which the browser returns to the app."""
        query = urlencode(asked(changes))
        answer = self.browser.post(f"/login?{query}", data={"username": username})
        (code,) = answered(answer)["code"]
        return code

    def exchange(self, code: str, /, **changes: str | None) -> tuple[int, dict[str, Any]]:
        form = {
            "grant_type": "authorization_code",
            "client_id": "app",
            "code": code,
            "redirect_uri": PAGE,
            "code_verifier": VERIFIER,
        }
        return self.ask("/oauth2/token", {**form, **changes})

    def refresh(self, token: str, client_id: str = "app") -> tuple[int, dict[str, Any]]:
        form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": token}
        return self.ask("/oauth2/token", form)

    def revoke(self, token: str, client_id: str = "app") -> TestResponse:
        return Client(self.issuer).post(
            "/oauth2/revoke", data={"token": token, "client_id": client_id}
        )

    def user_info(self, token: str) -> TestResponse:
        return Client(self.issuer).get(
            "/oauth2/userInfo", headers={"Authorization": f"Bearer {token}"}
        )

    def ask(self, path: str, form: Mapping[str, str | None]) -> tuple[int, dict[str, Any]]:
        """A program's request, without the browser's cookies."""
        answer = Client(self.issuer).post(path, data={k: v for k, v in form.items() if v})
        return answer.status_code, answer.json or {}

    def claims(self, token: str) -> dict[str, Any]:
        published: Any = self.browser.get("/.well-known/jwks.json").json
        keys = KeySet.import_key_set(published)
        return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def asked(changes: dict[str, str | None]) -> dict[str, str]:
    asked = {
        "response_type": "code",
        "client_id": "app",
        "redirect_uri": PAGE,
        "scope": "openid shop/buy",
        "state": "abc",
        "nonce": "n-1",
        "code_challenge": challenge(VERIFIER),
        "code_challenge_method": "S256",
    } | changes
    return {name: value for name, value in asked.items() if value is not None}


def answered(answer: TestResponse, at: str = PAGE) -> dict[str, list[str]]:
    assert answer.status_code == 302
    address, _, query = answer.headers["Location"].partition("?")
    assert address == at
    return parse_qs(query)
