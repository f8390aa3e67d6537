"""`meterai_cli.sign_in`, where the issuer, the browser or somebody between them is wrong."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import RSAKey
from werkzeug.wrappers import Response

from meterai_cli.__main__ import main
from meterai_cli.sign_in.errors import SignInFailed, SignInNeeded
from meterai_cli.sign_in.flow import App, address, begin, finish
from meterai_cli.sign_in.id_token import check_id_token
from meterai_cli.sign_in.loopback import Loopback
from meterai_cli.sign_in.provider import Provider
from meterai_cli.sign_in.session import Session
from tests.applicant.browser import Browser
from tests.local.issuer.server import Issuer
from tests.local.loopback import LoopbackServer
from tests.local.specs import ClientSpec

SRI = "sri@pelamar.example"
OPERATORS = "operators"
RETURN = "http://127.0.0.1:{port}/signed-in"


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


class Line:
    """Between the app and the issuer. It loses the answers to the next requests, as a weak line
    does: the issuer has answered, and the app hears nothing."""

    def __init__(self, issuer: Issuer) -> None:
        self._issuer = issuer
        self.loses = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if not self.loses:
            return self._issuer(environ, start_response)
        self.loses -= 1
        Response.from_app(self._issuer, environ)
        return Response("<h1>Bad Gateway</h1>", 502)(environ, start_response)


@pytest.fixture(scope="module")
def app() -> App:
    return App("app", RETURN.format(port=_free_port()))


@pytest.fixture(scope="module")
def served(app: App) -> Iterator[tuple[Issuer, Line, str]]:
    server = LoopbackServer()
    client = ClientSpec(
        logical_id="App",
        client_id=app.client_id,
        client_secret="",
        scopes=app.scopes,
        flows=("code",),
        callback_urls=(app.redirect_uri,),
        retry_grace_s=60,
    )
    operators = replace(
        client, client_id=OPERATORS, scopes=("openid", "meterai/operator"), by_email=False
    )
    issuer = Issuer(server.url, [client, operators])
    line = Line(issuer)
    server.start(line)
    yield issuer, line, server.url
    server.stop()


@pytest.fixture(scope="module")
def provider(served: tuple[Issuer, Line, str]) -> Provider:
    return Provider.discover(served[2])


@pytest.fixture
def line(served: tuple[Issuer, Line, str]) -> Line:
    return served[1]


def _signed_in(provider: Provider, app: App, **options: Any) -> Session:
    pending = begin()
    arrived = Browser().sign_in(address(provider, app, pending), SRI)
    return finish(provider, app, pending, arrived, **options)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("code=stolen", "another sign-in"),
        ("code=stolen&state=of-another", "another sign-in"),
        ("code=stolen&state=%C3%A9", "another sign-in"),
        ("error=access_denied&state={state}", "access_denied"),
        ("state={state}", "no code"),
        ("code=guessed&state={state}", "invalid_grant"),
    ],
)
def test_an_answer_that_is_not_ours_signs_nobody_in(
    provider: Provider, app: App, query: str, says: str
) -> None:
    pending = begin()
    with pytest.raises(SignInFailed, match=says):
        finish(provider, app, pending, f"{app.redirect_uri}?{query.format(state=pending.state)}")


def test_an_answer_at_another_address_signs_nobody_in(provider: Provider, app: App) -> None:
    pending = begin()
    with pytest.raises(SignInFailed, match=r"arrived at https://evil\.example/"):
        finish(provider, app, pending, f"https://evil.example/?code=x&state={pending.state}")


def test_a_code_of_another_browsers_sign_in_needs_its_verifier(
    provider: Provider, app: App
) -> None:
    """Somebody who caught the address, on a phone whose scheme a second app claims."""
    pending = begin()
    arrived = Browser().sign_in(address(provider, app, pending), SRI)
    with pytest.raises(SignInFailed, match="invalid_request"):
        finish(provider, app, replace(begin(), state=pending.state), arrived)


def test_a_pending_sign_in_shows_none_of_its_secrets() -> None:
    assert repr(begin()) == "PendingSignIn()"
    assert begin() != begin()


OTHER_KEY = RSAKey.generate_key(2048, {"kid": "local-id", "alg": "RS256", "use": "sig"})


@pytest.mark.parametrize(
    ("changes", "key"),
    [
        ({"nonce": "of another sign-in"}, None),
        ({"nonce": None}, None),
        ({"aud": "another client"}, None),
        ({"iss": "https://cognito-idp.example/other"}, None),
        ({"token_use": "access"}, None),
        ({"at_hash": "of another access token"}, None),
        ({"exp": 1}, None),
        ({"sub": None}, None),
        ({}, OTHER_KEY),
    ],
)
def test_an_id_token_for_anything_else_is_refused(
    served: tuple[Issuer, Line, str],
    provider: Provider,
    app: App,
    changes: dict[str, object],
    key: RSAKey | None,
) -> None:
    issuer, _, url = served
    own_key = key or issuer.tokens._id_key
    now = int(time.time())
    right: dict[str, object] = {
        "iss": url,
        "aud": app.client_id,
        "sub": "somebody",
        "token_use": "id",
        "nonce": "n",
        "at_hash": "FPlcM-1UXiivOYozpUrp7Q",
        "iat": now,
        "exp": now + 60,
    }

    def check(claims: dict[str, object], with_key: RSAKey) -> str:
        token = jwt.encode({"alg": "RS256", "kid": "local-id"}, claims, with_key)
        return check_id_token(
            token,
            provider,
            client_id=app.client_id,
            nonce="n",
            access_token="an access token",
            now=time.time,
        )

    assert check(right, issuer.tokens._id_key) == right["sub"]
    wrong = {name: value for name, value in (right | changes).items() if value is not None}
    with pytest.raises(SignInFailed, match="not for this sign-in"):
        check(wrong, own_key)


def test_an_answer_that_was_lost_is_asked_for_again(
    provider: Provider, app: App, line: Line
) -> None:
    """The issuer has rotated the refresh token, and the app did not hear the next one."""
    passed_s = 0.0
    session = _signed_in(provider, app, now=lambda: time.time() + passed_s)
    tokens = {session.access_token()}
    passed_s, line.loses = 3600.0, 1
    tokens.add(session.access_token())
    passed_s, line.loses = 7200.0, 3
    with pytest.raises(SignInFailed, match="does not answer") as failure:
        session.access_token()
    assert not isinstance(failure.value, SignInNeeded)
    tokens.add(session.access_token())
    assert len(tokens) == 3


def test_an_issuer_that_is_none_is_named(served: tuple[Issuer, Line, str]) -> None:
    for issuer, says in (
        (f"http://127.0.0.1:{_free_port()}", "does not answer"),
        (f"{served[2]}/pool", "answers 404"),
        (served[2].replace("127.0.0.1", "localhost"), "check the address"),
    ):
        with pytest.raises(SignInFailed, match=says):
            Provider.discover(issuer)


@pytest.mark.parametrize(
    ("client", "options", "scope", "person", "username"),
    [
        ("app", [], "openid meterai/applicant", SRI, None),
        (OPERATORS, ["--operator"], "openid meterai/operator", "sri.wahyuni", "sri.wahyuni"),
    ],
)
def test_the_command_prints_a_token_of_whom_signs_in_with_the_browser(
    served: tuple[Issuer, Line, str],
    app: App,
    client: str,
    options: list[str],
    scope: str,
    person: str,
    username: str | None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    issuer, _, url = served

    def browse(target: str) -> bool:
        """A browser, which also asks for an icon. The command listens when it is opened."""
        arrived = Browser().sign_in(target, person)
        threading.Thread(target=arrive, args=(arrived,), daemon=True).start()
        return True

    def arrive(arrived: str) -> None:
        parts = urlsplit(arrived)
        with socket.create_connection((parts.hostname or "", parts.port or 0)):  # kept, and unused
            follow(arrived)

    def follow(arrived: str) -> None:
        assert urllib3.request("GET", app.redirect_uri.replace("signed-in", "icon")).status == 404
        assert urllib3.request("GET", arrived).status == 200

    monkeypatch.setattr("webbrowser.open", browse)
    named = ["--issuer", url, "--client-id", client, "--redirect", app.redirect_uri]
    assert main(["sign-in", *named, *options]) == 0
    claims = issuer.tokens.read(capsys.readouterr().out.strip())
    assert claims is not None
    assert (claims["token_use"], claims["scope"]) == ("access", scope)
    assert claims["username"] == (username or claims["sub"])


def test_only_addresses_of_this_machine_are_listened_at(app: App) -> None:
    for redirect in ("https://pages.example/", "http://pages.example/", "app:/signed-in"):
        with pytest.raises(SignInFailed, match="not an address of this machine"):
            Loopback(redirect)
    with Loopback(app.redirect_uri), pytest.raises(SignInFailed, match="is taken"):
        Loopback(app.redirect_uri)


def test_nobody_is_waited_for_for_ever(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("meterai_cli.sign_in.loopback.WAIT_S", 0)
    with Loopback(app.redirect_uri) as loopback, pytest.raises(SignInFailed, match="Nobody"):
        loopback.wait(lambda: None)


def test_an_app_without_openid_hears_nobodys_name_and_signs_nobody_in(
    provider: Provider, app: App
) -> None:
    with pytest.raises(SignInFailed, match="ID token"):
        _signed_in(provider, replace(app, scopes=("meterai/applicant",)))
