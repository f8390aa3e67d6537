"""The JWT authorizer of an HTTP API, with real checks.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
"""

import json
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.local.specs import AuthorizerSpec

_CLOCK_SKEW_S = 0  # API Gateway documents none


class UnauthorizedError(Exception):
    """401: no token, or none that this API accepts. `description` is sent to the client."""

    def __init__(self, description: str | None) -> None:
        super().__init__(description)
        self.description = description

    @property
    def www_authenticate(self) -> str:
        if self.description is None:
            return "Bearer"
        return f'Bearer error="invalid_token" error_description="{self.description}"'


class ForbiddenError(Exception):
    """403: a valid token without any of the scopes that the route requires."""

    def __init__(self, scopes: Sequence[str]) -> None:
        super().__init__(scopes)
        self.www_authenticate = (
            f'Bearer scope="{" ".join(scopes)}" error="insufficient_scope" '
            'error_description="The token does not have required scopes"'
        )


class JwtAuthorizer:
    """Accepts tokens of one issuer, for one of the audiences."""

    def __init__(self, spec: AuthorizerSpec) -> None:
        self._spec = spec
        self._http = urllib3.PoolManager(timeout=2.0, retries=False)
        self._lock = threading.Lock()
        self._keys: KeySet | None = None

    def claims(self, authorization: str | None, scopes: Sequence[str]) -> Mapping[str, Any]:
        """The token's claims. Raises UnauthorizedError or ForbiddenError."""
        if not authorization:
            raise UnauthorizedError(None)
        token = authorization.removeprefix("Bearer ").strip()
        claims = self._verified(token)
        self._check(claims)
        wanted = [*scopes] or [*self._spec.scopes]
        granted = str(claims.get("scope") or claims.get("scp") or "").split()
        if wanted and not set(wanted) & set(granted):
            raise ForbiddenError(wanted)
        return claims

    def _verified(self, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, self._issuer_keys(), algorithms=["RS256"]).claims
        except (JoseError, ValueError) as broken:
            raise UnauthorizedError("invalid signature or malformed token") from broken

    def _issuer_keys(self) -> KeySet:
        """Fetched once, from the address in the issuer's own description, as API Gateway does."""
        with self._lock:
            if self._keys is None:
                configuration = self._get(f"{self._spec.issuer}/.well-known/openid-configuration")
                self._keys = KeySet.import_key_set(self._get(configuration["jwks_uri"]))
            return self._keys

    def _get(self, url: str) -> Any:
        return json.loads(self._http.request("GET", url).data)

    def _check(self, claims: Mapping[str, Any]) -> None:
        now = time.time()
        if claims.get("iss") != self._spec.issuer:
            raise UnauthorizedError("the token has an invalid issuer")
        # client_id counts only where there is no aud: Cognito's access tokens have none.
        audience = claims.get("aud", claims.get("client_id"))
        audiences = set(audience) if isinstance(audience, list) else {audience}
        if not audiences & set(self._spec.audience):
            raise UnauthorizedError("the token has an invalid audience")
        if not isinstance(claims.get("exp"), int | float) or claims["exp"] <= now - _CLOCK_SKEW_S:
            raise UnauthorizedError("the token has expired")
        if claims.get("nbf", 0) > now + _CLOCK_SKEW_S:
            raise UnauthorizedError("the token is not valid yet")
        if claims.get("iat", 0) > now + 1:  # iat is whole seconds of another process's clock
            raise UnauthorizedError("the token was issued in the future")
