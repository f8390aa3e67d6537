"""From the app to the sign-in page and back: RFC 6749 section 4.1 with PKCE (RFC 7636)."""

import base64
import hashlib
import secrets
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlencode

from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.id_token import check_id_token
from meterai_cli.sign_in.provider import Provider, post
from meterai_cli.sign_in.session import Clock, Session

# openid: an ID token, which says who signed in. Nothing else is needed to buy and to stamp.
SCOPES = ("openid", "meterai/applicant")
OPERATOR_SCOPES = ("openid", "meterai/operator")


@dataclass(frozen=True, slots=True)
class App:
    """A client of the stack and one of its addresses of return. `scopes` include `openid`."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...] = SCOPES


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """Texts that the app keeps for the one browser that it sends away: in a cookie that is sealed,
    or in a phone's memory. None of them is logged or put into an address."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


def begin() -> PendingSignIn:
    """Each sign-in has its own."""
    return PendingSignIn(*(secrets.token_urlsafe(32) for _ in range(3)))


def address(
    provider: Provider, app: App, pending: PendingSignIn, *, language: str | None = None
) -> str:
    """Where the browser goes. `language`: `id` for pages in Indonesian."""
    query = {
        "response_type": "code",
        "client_id": app.client_id,
        "redirect_uri": app.redirect_uri,
        "scope": " ".join(app.scopes),
        "state": pending.state,
        "nonce": pending.nonce,
        "code_challenge": code_challenge(pending.code_verifier),
        "code_challenge_method": "S256",
    }
    if language is not None:
        query["lang"] = language
    return f"{provider.authorization_endpoint}?{urlencode(query)}"


def finish(
    provider: Provider,
    app: App,
    pending: PendingSignIn,
    came_back_to: str,
    *,
    now: Clock = time.time,
) -> Session:
    """`came_back_to`: the whole address at which the browser arrived. The order matters: an answer
    to somebody else's sign-in is refused before its code is used."""
    code = _code_in(app, pending, came_back_to)
    status, tokens = post(
        provider.token_endpoint,
        {
            "grant_type": "authorization_code",
            "client_id": app.client_id,
            "code": code,
            "redirect_uri": app.redirect_uri,
            "code_verifier": pending.code_verifier,
        },
    )
    if status != 200:
        raise SignInFailed(f"The sign-in was refused ({tokens.get('error')}): sign in again")
    access_token = tokens["access_token"]
    who = check_id_token(
        tokens.get("id_token", ""),
        provider,
        client_id=app.client_id,
        nonce=pending.nonce,
        access_token=access_token,
        now=now,
    )
    return Session(
        provider,
        app.client_id,
        subject=who["sub"],
        access_token=access_token,
        refresh_token=tokens["refresh_token"],
        valid_s=tokens["expires_in"],
        now=now,
    )


def sign_out_address(provider: Provider, app: App) -> str:
    """Where the browser goes after `Session.revoke`. Without it the sign-in page would let the next
    person at this device in, for an hour. Cognito's parameters are not those of OpenID."""
    query = {"client_id": app.client_id, "logout_uri": app.redirect_uri}
    return f"{provider.end_session_endpoint}?{urlencode(query)}"


def code_challenge(code_verifier: str) -> str:
    """S256, the only method that Cognito accepts."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _code_in(app: App, pending: PendingSignIn, came_back_to: str) -> str:
    given, _, query = came_back_to.partition("?")
    if given != app.redirect_uri.partition("?")[0]:
        raise SignInFailed(f"The browser arrived at {given}, not at {app.redirect_uri}")
    values = {name: value for name, (value, *_) in parse_qs(query).items()}
    # Compared in constant time, and before anything else is believed (RFC 9700, 4.7.1).
    if not secrets.compare_digest(values.get("state", "").encode(), pending.state.encode()):
        raise SignInFailed("The answer belongs to another sign-in: sign in again, from the app")
    if "error" in values:
        raise SignInFailed(f"Nobody was signed in ({values['error']}): sign in again")
    if "code" not in values:
        raise SignInFailed("The sign-in page sent no code: sign in again")
    return values["code"]
