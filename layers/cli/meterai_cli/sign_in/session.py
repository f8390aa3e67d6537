"""Tokens of somebody who is signed in. They renew themselves, and end when told to."""

import threading
from collections.abc import Callable

from meterai_cli.sign_in.errors import SignInFailed, SignInNeeded
from meterai_cli.sign_in.provider import Provider, post

Clock = Callable[[], float]
RENEW_BEFORE_S = 60  # so that a token does not expire on its way


class Session:
    """`access_token` is what a client of the API takes. A page keeps this on its server, a phone in
    its key store: the refresh token lets anybody be the person, for 30 days."""

    def __init__(
        self,
        provider: Provider,
        client_id: str,
        *,
        subject: str,
        access_token: str,
        refresh_token: str,
        valid_s: float,
        now: Clock,
    ) -> None:
        self.subject = subject  # the account, in the words of the API
        self._provider = provider
        self._client_id = client_id
        self._now = now
        # Two that renew at once would use one refresh token twice.
        self._lock = threading.Lock()
        self._access_token = access_token
        self._refresh_token = refresh_token
        self._valid_until = now() + valid_s

    def access_token(self) -> str:
        """Raises SignInNeeded when the session has ended, SignInFailed while nobody answers."""
        with self._lock:
            if self._now() >= self._valid_until - RENEW_BEFORE_S:
                self._renew()
            return self._access_token

    def revoke(self) -> None:
        """The refresh token and what came from it. The API accepts the last access token until it
        expires, an hour at most: it checks signatures, and asks nobody."""
        with self._lock:
            form = {"token": self._refresh_token, "client_id": self._client_id}
            status, _ = post(self._provider.revocation_endpoint, form, tries=3)
            if status != 200:
                raise SignInFailed("The session could not be ended: sign out again")
            self._valid_until = 0.0

    def _renew(self) -> None:
        """Each answer brings the next refresh token. If it was lost on the way, the one before may
        be used for another minute, so the request is sent again."""
        status, tokens = post(
            self._provider.token_endpoint,
            {
                "grant_type": "refresh_token",
                "client_id": self._client_id,
                "refresh_token": self._refresh_token,
            },
            tries=3,
        )
        if status != 200:
            raise SignInNeeded(f"The session has ended ({tokens.get('error')}): sign in again")
        self._access_token = tokens["access_token"]
        self._refresh_token = tokens.get("refresh_token", self._refresh_token)
        self._valid_until = self._now() + tokens["expires_in"]
