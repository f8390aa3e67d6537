"""Tokens: which ones the API accepts, and how it refuses the others."""

import base64
import hmac
import json
import time
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.integration.local.asking import Call
from tests.local.account import LocalAccount


def _claims(account: LocalAccount, **changes: Any) -> dict[str, Any]:
    """The claims of an issued token, with changes; None removes a claim."""
    now = int(time.time())
    claims = {
        "sub": "somebody",
        "client_id": account.physical("Machine"),
        "iss": account.issuer_url,
        "scope": "sample/read sample/write",
        "token_use": "access",
        "iat": now,
        "exp": now + 300,
        **changes,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _minted(account: LocalAccount, **changes: Any) -> str:
    """Signed with the issuer's own key, which no client has, to test its other checks."""
    key = account._issuer.tokens.access_key
    return jwt.encode({"alg": "RS256", "kid": "local"}, _claims(account, **changes), key)


def _forged(account: LocalAccount) -> str:
    key = RSAKey.generate_key(2048)
    return jwt.encode({"alg": "RS256", "kid": "local"}, _claims(account), key)


def _signed_by_the_public_key(account: LocalAccount) -> str:
    """A known attack: HMAC with the RSA public key, which everybody has."""
    header = {"alg": "HS256", "kid": "local", "typ": "JWT"}
    signed = b".".join(_base64url(json.dumps(part)) for part in (header, _claims(account)))
    public = account._issuer.tokens.access_key.as_pem(private=False)
    mac = hmac.digest(public, signed, "sha256")
    return b".".join([signed, base64.urlsafe_b64encode(mac).rstrip(b"=")]).decode()


def _base64url(text: str) -> bytes:
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=")


def _status(call: Call, token: str, method: str = "GET", path: str = "/items/1") -> int:
    return call(method, path, headers={"Authorization": f"Bearer {token}"}).status


def test_without_a_token_nobody_is_authorized(call: Call) -> None:
    answer = call("GET", "/items/1")
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_issuers_tokens_are_accepted(call: Call, account: LocalAccount) -> None:
    assert _status(call, account.token("Machine")) == 200
    assert _status(call, account.token("People", username="ani")) == 200
    assert _status(call, _minted(account)) == 200


def test_forged_tokens_are_refused(call: Call, account: LocalAccount) -> None:
    assert _status(call, _forged(account)) == 401
    assert _status(call, _signed_by_the_public_key(account)) == 401
    assert [_status(call, token) for token in ("not.a.token", "nonsense", "Bearer")] == [401] * 3
    header, claims, _ = account.token("Machine").split(".")
    assert _status(call, f"{header}.{claims}.") == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 1},
        {"exp": None},
        {"nbf": int(time.time()) + 3600},
        {"iat": int(time.time()) + 3600},
        {"iss": "https://elsewhere.example"},
        {"client_id": "another"},
        {"aud": "another"},
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(
    call: Call, account: LocalAccount, changes: dict[str, Any]
) -> None:
    token = _minted(account, **changes)
    answer = call("GET", "/items/1", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.body) == (401, b'{"message":"Unauthorized"}')
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]


def test_a_client_that_the_api_does_not_list_is_refused(call: Call, account: LocalAccount) -> None:
    assert _status(call, account.token("Stranger")) == 401


def test_one_of_the_scopes_is_enough(call: Call, account: LocalAccount) -> None:
    assert _status(call, account.token("Machine", "sample/write"), "POST", "/items") == 200


def test_none_of_the_scopes_is_forbidden(call: Call, account: LocalAccount) -> None:
    token = account.token("Machine", "sample/read")
    answer = call("POST", "/items", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status, answer.body) == (403, b'{"message":"Forbidden"}')
    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_a_route_without_authorizer_needs_no_token(call: Call) -> None:
    assert call("GET", "/open/x", headers={"Authorization": "Bearer nonsense"}).status == 200
