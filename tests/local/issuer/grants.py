"""What the issuer remembers: codes, refresh tokens, and who is signed in with which browser."""

import secrets
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass

CODE_S = 5 * 60  # authorization-endpoint.html: "valid for five minutes"
SESSION_S = 60 * 60  # cognito-user-pools-managed-login.html, "one-hour ... session cookie"

Clock = Callable[[], float]


@dataclass(frozen=True)
class SignedIn:
    """A person's sign-in. Tokens that follow from it bear its id as `origin_jti`."""

    username: str
    auth_time: int
    origin_jti: str


@dataclass(frozen=True)
class CodeGrant:
    """What a code stands for."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None
    signed_in: SignedIn


@dataclass(frozen=True)
class RefreshGrant:
    """What a refresh token stands for. Those that rotation makes of it end with it."""

    client_id: str
    scopes: tuple[str, ...]
    signed_in: SignedIn
    until: float


class Grants:
    """In memory. `now` is the time in seconds, which tests may move."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._codes: dict[str, tuple[CodeGrant, float]] = {}
        self._refresh_tokens: dict[str, tuple[RefreshGrant, float]] = {}
        self._sessions: dict[str, tuple[str, int]] = {}
        self._revoked: set[str] = set()

    def new_code(self, grant: CodeGrant) -> str:
        code = str(uuid.uuid4())
        with self._lock:
            self._codes[code] = grant, self._now() + CODE_S
        return code

    def use_code(self, code: str) -> CodeGrant | None:
        """A code is used up by the first request that names it, even by one that is refused:
        https://repost.aws/questions/QUribd4ytZTnmoxKt_B7DXFg/cognito-returns-invalid-request-and-unauthorized-client
        """
        with self._lock:
            grant, until = self._codes.pop(code, (None, 0.0))
        return grant if self._now() < until else None

    def new_refresh_token(self, grant: RefreshGrant) -> str:
        token = secrets.token_urlsafe(64)
        with self._lock:
            self._refresh_tokens[token] = grant, grant.until
        return token

    def refresh_grant(self, token: str) -> RefreshGrant | None:
        with self._lock:
            grant, until = self._refresh_tokens.get(token, (None, 0.0))
        if grant is None or self.is_revoked(grant.signed_in) or self._now() >= until:
            return None
        return grant

    def rotate(self, token: str, grant: RefreshGrant, retry_grace_s: int) -> str:
        """The next refresh token, valid "for the remaining duration of the original". The given one
        stays valid for the grace period (amazon-cognito-user-pools-using-the-refresh-token.html),
        which a second use does not prolong."""
        with self._lock:
            _, until = self._refresh_tokens[token]
            self._refresh_tokens[token] = grant, min(until, self._now() + retry_grace_s)
        return self.new_refresh_token(grant)

    def revoke(self, signed_in: SignedIn) -> None:
        """All tokens that followed from this sign-in."""
        with self._lock:
            self._revoked.add(signed_in.origin_jti)

    def is_revoked(self, signed_in: SignedIn) -> bool:
        return signed_in.origin_jti in self._revoked

    def open_session(self, username: str) -> str:
        """The value of a browser's cookie, with which a person need not sign in again."""
        cookie = secrets.token_urlsafe(32)
        with self._lock:
            self._sessions[cookie] = username, int(self._now())
        return cookie

    def session(self, cookie: str | None) -> SignedIn | None:
        """Each use is another sign-in of its own: revoking one leaves the others."""
        with self._lock:
            username, since = self._sessions.get(cookie or "", ("", 0))
        if not username or self._now() >= since + SESSION_S:
            return None
        return SignedIn(username, since, str(uuid.uuid4()))

    def close_session(self, cookie: str | None) -> None:
        with self._lock:
            self._sessions.pop(cookie or "", None)
