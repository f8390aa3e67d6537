"""From an app to the sign-in pages and back: authorisation code (RFC 6749, 4.1) with PKCE (RFC
7636). What is sent, and what may be believed of the answer; nothing here asks anybody.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode

# openid: an ID token, which says who signed in. Nothing else is needed to buy and to stamp.
APPLICANT_SCOPES = ("openid", "meterai/applicant")


class SignInFailure(StrEnum):
    """Why nobody was signed in."""

    ENDED_THERE = "ended_there"  # by the person, at the sign-in page, or by the issuer
    NOT_BEGUN_HERE = "not_begun_here"  # in another browser, too long ago, or by somebody else
    NO_CODE = "no_code"
    CODE_REFUSED = "code_refused"  # used before, or too old
    ID_TOKEN_WRONG = "id_token_wrong"  # noqa: S105 (no password)


class SignInFailed(Exception):
    """`detail`: what came instead, for the makers of the app. It holds no secret."""

    def __init__(self, failure: SignInFailure, detail: str = "") -> None:
        super().__init__(failure, detail)
        self.failure = failure
        self.detail = detail


@dataclass(frozen=True, slots=True)
class App:
    """A client of the issuer and one of its addresses of return. `scopes` include `openid`."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...] = APPLICANT_SCOPES


@dataclass(frozen=True, slots=True)
class PendingSignIn:
    """Texts that the app keeps for the one browser that it sends away: in a cookie that is signed,
    or in a phone's memory. None of them but the first is ever in an address, and none is logged."""

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    code_verifier: str = field(repr=False)


def new_sign_in(random_text: Callable[[], str]) -> PendingSignIn:
    """Each sign-in has its own. `random_text`: 43 to 128 characters of base64url that nobody can
    guess (RFC 7636, 4.1)."""
    return PendingSignIn(random_text(), random_text(), random_text())


def sign_in_address(
    authorization_endpoint: str, app: App, pending: PendingSignIn, *, language: str | None = None
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
    return f"{authorization_endpoint}?{urlencode(query)}"


def code_in(answer: Mapping[str, str], pending: PendingSignIn | None) -> str:
    """`answer`: the query with which the browser came back. None: nothing is pending there. The
    state is compared in constant time, and before anything else is believed (RFC 9700, 4.7.1): an
    answer to somebody else's sign-in is refused before its code is used. Raises SignInFailed."""
    state = answer.get("state", "").encode()
    if pending is None or not hmac.compare_digest(state, pending.state.encode()):
        raise SignInFailed(SignInFailure.NOT_BEGUN_HERE)
    if "error" in answer:
        raise SignInFailed(SignInFailure.ENDED_THERE, answer["error"])
    if "code" not in answer:
        raise SignInFailed(SignInFailure.NO_CODE)
    return answer["code"]


def token_request(app: App, pending: PendingSignIn, code: str) -> dict[str, str]:
    """The form for the token endpoint, which takes a code once."""
    return {
        "grant_type": "authorization_code",
        "client_id": app.client_id,
        "code": code,
        "redirect_uri": app.redirect_uri,
        "code_verifier": pending.code_verifier,
    }


def sign_out_address(end_session_endpoint: str, client_id: str, return_to: str) -> str:
    """Without it the sign-in page would let the next person at this device in, for an hour.
    Cognito's parameters are not those of OpenID."""
    return f"{end_session_endpoint}?{urlencode({'client_id': client_id, 'logout_uri': return_to})}"


def code_challenge(code_verifier: str) -> str:
    """S256, the only method that Cognito accepts."""
    digest = hashlib.sha256(code_verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
