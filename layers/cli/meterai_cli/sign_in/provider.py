"""The addresses and keys of the issuer, as it publishes them (OpenID Connect Discovery 1.0)."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlencode

from joserfc.jwk import KeySet

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient, Reply
from meterai_cli.sign_in.errors import SignInFailed

_HTTP = HttpClient(connect_timeout_s=5.0, total_timeout_s=15.0, max_answer_bytes=100_000)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True, slots=True)
class Provider:
    """A user pool with its domain."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    revocation_endpoint: str
    end_session_endpoint: str
    keys: KeySet

    @classmethod
    def discover(cls, issuer: str) -> Self:
        """Raises SignInFailed. Keys change: what runs for long does this anew each hour."""
        found = _get(f"{issuer}/.well-known/openid-configuration")
        if found.get("issuer") != issuer:
            raise SignInFailed(f"{issuer} says that it is {found.get('issuer')}: check the address")
        try:
            return cls(
                issuer=issuer,
                authorization_endpoint=found["authorization_endpoint"],
                token_endpoint=found["token_endpoint"],
                revocation_endpoint=found["revocation_endpoint"],
                end_session_endpoint=found["end_session_endpoint"],
                keys=KeySet.import_key_set(_get(found["jwks_uri"])),
            )
        except KeyError as missing:
            raise SignInFailed(f"{issuer} has no {missing}: its user pool has no domain") from None


def post(url: str, form: Mapping[str, str], *, tries: int = 1) -> tuple[int, dict[str, Any]]:
    """Status and body. More tries only for what may be asked twice: a code may not."""
    body = urlencode(form).encode()
    for _ in range(tries):
        with suppress(Unavailable):
            reply = _HTTP.send("POST", url, party="issuer", body=body, headers=_FORM)
            if reply.http_status < 500:
                return reply.http_status, _body(url, reply)
    raise SignInFailed("The sign-in service does not answer: try again")


def _get(url: str) -> Any:
    try:
        reply = _HTTP.send("GET", url, party="issuer")
    except Unavailable as fault:
        raise SignInFailed(f"{url} does not answer: try again") from fault
    if reply.http_status != 200:
        raise SignInFailed(f"{url} answers {reply.http_status}: check the address of the issuer")
    return _body(url, reply)


def _body(url: str, reply: Reply) -> Any:
    try:
        return json.loads(reply.data or b"{}")
    except ValueError as wrong:
        raise SignInFailed(f"{url} answers no JSON: check the address of the issuer") from wrong
