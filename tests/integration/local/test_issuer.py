"""The issuer: Cognito's token endpoint, as clients see it."""

import json
from typing import Any

import pytest
import urllib3
from joserfc import jwt
from joserfc.jwk import KeySet

from tests.local.account import LocalAccount

HTTP = urllib3.PoolManager(retries=False, timeout=10.0)


def _get(url: str) -> Any:
    return json.loads(HTTP.request("GET", url).data)


def _ask(
    account: LocalAccount,
    credentials: tuple[str, str] | None = None,
    *,
    path: str = "/oauth2/token",
    **fields: str,
) -> tuple[int, dict[str, Any]]:
    headers = urllib3.make_headers(basic_auth=":".join(credentials)) if credentials else {}
    response = HTTP.request_encode_body(
        "POST",
        account.issuer_url + path,
        fields=fields,
        headers=dict(headers),
        encode_multipart=False,
    )
    return response.status, json.loads(response.data)


def _claims(account: LocalAccount, token: str) -> dict[str, Any]:
    description = _get(f"{account.issuer_url}/.well-known/openid-configuration")
    keys = KeySet.import_key_set(_get(description["jwks_uri"]))
    return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)


def test_a_machine_gets_the_scopes_it_requests(account: LocalAccount) -> None:
    credentials = account.client_credentials("Machine")
    status, answer = _ask(
        account, credentials, grant_type="client_credentials", scope="sample/write"
    )
    claims = _claims(account, answer.pop("access_token"))
    assert (status, answer) == (200, {"expires_in": 3600, "token_type": "Bearer"})
    assert claims.pop("jti")
    issued = claims["iat"]
    assert claims == {
        "sub": credentials[0],
        "client_id": credentials[0],
        "token_use": "access",
        "scope": "sample/write",
        "auth_time": issued,
        "iss": account.issuer_url,
        "iat": issued,
        "exp": issued + 3600,
        "version": 2,
    }


def test_a_user_gets_a_token_by_name_and_keeps_its_subject(account: LocalAccount) -> None:
    client_id = account.physical("People")
    tokens = [
        _ask(account, path="/only-here/token", client_id=client_id, username=name)[1]
        for name in ("ani", "ani", "budi")
    ]
    first, again, other = (_claims(account, answer["access_token"]) for answer in tokens)
    assert first["username"] == "ani"
    assert first["sub"] == again["sub"] != other["sub"]
    assert first["exp"] == first["iat"] + 300


@pytest.mark.parametrize(
    ("client", "secret", "fields", "error"),
    [
        ("Machine", "wrong", {"grant_type": "client_credentials"}, "invalid_client"),
        ("People", None, {"grant_type": "password", "username": "x"}, "unsupported_grant_type"),
        ("People", None, {"grant_type": "client_credentials"}, "unauthorized_client"),
        ("Machine", None, {"grant_type": "implicit"}, "unsupported_grant_type"),
        (
            "Machine",
            None,
            {"grant_type": "client_credentials", "scope": "sample/none"},
            "invalid_scope",
        ),
    ],
)
def test_other_requests_are_refused_with_the_reason(
    account: LocalAccount, client: str, secret: str | None, fields: dict[str, str], error: str
) -> None:
    client_id, real_secret = account.client_credentials(client)
    credentials = (client_id, real_secret if secret is None else secret)
    assert _ask(account, credentials, **fields) == (400, {"error": error})
