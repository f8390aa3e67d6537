"""Who signed in: the checks of OpenID Connect Core 1.0, 3.1.3.7, and Cognito's `token_use`.

https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-tokens-verifying-a-jwt.html
"""

import base64
import hashlib
from collections.abc import Callable
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwt import ClaimsOption

from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.provider import Provider

LEEWAY_S = 60  # of a device's clock


def check_id_token(
    token: str,
    provider: Provider,
    *,
    client_id: str,
    nonce: str,
    access_token: str,
    now: Callable[[], float],
) -> dict[str, Any]:
    """The claims. Raises SignInFailed."""
    expected = {
        "iss": provider.issuer,
        "aud": client_id,
        "token_use": "id",
        "nonce": nonce,
        "at_hash": _half_hash(access_token),
    }
    options: dict[str, ClaimsOption] = {
        **{name: {"essential": True, "value": value} for name, value in expected.items()},
        **{name: {"essential": True} for name in ("exp", "iat", "sub")},
    }
    rules = jwt.JWTClaimsRegistry(now=lambda: int(now()), leeway=LEEWAY_S, **options)
    try:
        claims = jwt.decode(token, provider.keys, algorithms=["RS256"]).claims
        rules.validate(claims)
    except (JoseError, ValueError) as wrong:
        raise SignInFailed(f"The issuer's ID token is not for this sign-in: {wrong}") from wrong
    return dict(claims)


def _half_hash(access_token: str) -> str:
    """Ties the access token to the ID token (3.1.3.6)."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
