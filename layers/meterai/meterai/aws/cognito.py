"""Cognito's sign-in pages and token endpoint.

https://docs.aws.amazon.com/cognito/latest/developerguide/federation-endpoints.html
"""

import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

from meterai.domain.errors import Unavailable
from meterai.domain.sign_in.flow import (
    App,
    PendingSignIn,
    SignInFailed,
    SignInFailure,
    sign_in_address,
    sign_out_address,
    token_request,
)
from meterai.http_client import HttpClient
from meterai.ports.sign_in import IssuedTokens

PARTY = "sign_in"
CONNECT_TIMEOUT_S = 2.0
TOTAL_TIMEOUT_S = 10.0  # a person waits, and would have to sign in again
MAX_ANSWER_BYTES = 100_000
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def _http() -> HttpClient:
    return HttpClient(CONNECT_TIMEOUT_S, TOTAL_TIMEOUT_S, MAX_ANSWER_BYTES)


@dataclass(frozen=True, slots=True)
class CognitoSignIn:
    """`origin` is that of the user pool's domain; `first_page` is registered for signing out."""

    origin: str
    issuer: str
    app: App
    first_page: str
    http: HttpClient = field(default_factory=_http)

    def address(self, pending: PendingSignIn, language: str) -> str:
        endpoint = f"{self.origin}/oauth2/authorize"
        return sign_in_address(endpoint, self.app, pending, language=language)

    def exchange(self, code: str, pending: PendingSignIn) -> IssuedTokens:
        form = urlencode(token_request(self.app, pending, code)).encode()
        reply = self.http.send(
            "POST", f"{self.origin}/oauth2/token", party=PARTY, body=form, headers=_FORM
        )
        status = reply.http_status
        if status >= 500 or status == 429:  # 429: more sign-ins a second than its quota
            raise Unavailable(party=PARTY, reason="refused", http_status=status)
        try:
            answer = json.loads(reply.data)
            if status != 200:
                raise SignInFailed(SignInFailure.CODE_REFUSED, str(answer.get("error")))
            return IssuedTokens(str(answer["id_token"]), str(answer["access_token"]))
        except (ValueError, KeyError, TypeError, AttributeError):
            raise Unavailable(party=PARTY, reason="not_read", http_status=status) from None

    def sign_out_address(self) -> str:
        return sign_out_address(f"{self.origin}/logout", self.app.client_id, self.first_page)
