"""Who signed in: the checks of OpenID Connect Core 1.0, 3.1.3.7, and Cognito's `token_use`.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from meterai.domain.sign_in.flow import SignInFailed, SignInFailure

MAX_USERNAME = 128
LEEWAY_S = 60  # of a device's clock


def check_id_token(
    claims: Mapping[str, Any],
    *,
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    now_s: float,
) -> str:
    """The person's `sub`: their account. Raises SignInFailed, which names a claim that is wrong."""
    expected = {
        "iss": issuer,
        "aud": client_id,
        "token_use": "id",
        "nonce": nonce,
        "at_hash": half_hash(access_token),
    }
    for name, value in expected.items():
        if claims.get(name) != value:
            raise _wrong(name)
    expires, issued, subject = claims.get("exp"), claims.get("iat"), claims.get("sub")
    if not isinstance(expires, int) or expires <= now_s - LEEWAY_S:
        raise _wrong("exp")
    if not isinstance(issued, int) or issued > now_s + LEEWAY_S:
        raise _wrong("iat")
    if not isinstance(subject, str) or not subject:
        raise _wrong("sub")
    return subject


def username_in(claims: Mapping[str, Any]) -> str:
    """What the user pool calls them. Raises SignInFailed."""
    name = claims.get("cognito:username")
    if not isinstance(name, str) or not 1 <= len(name) <= MAX_USERNAME:
        raise _wrong("cognito:username")
    return name


def claims_in(id_token: str) -> dict[str, Any]:
    """Of a token that came from the token endpoint itself, over TLS. That says who made it, so its
    signature need not be checked (OpenID Connect Core 1.0, 3.1.3.7, number 6). Raises
    SignInFailed."""
    try:
        _, payload, _ = id_token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except ValueError as error:
        raise _wrong("form") from error
    if not isinstance(claims, dict):
        raise _wrong("form")
    return claims


def half_hash(access_token: str) -> str:
    """Ties the access token to the ID token (3.1.3.6)."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()


def _wrong(what: str) -> SignInFailed:
    return SignInFailed(SignInFailure.ID_TOKEN_WRONG, what)
