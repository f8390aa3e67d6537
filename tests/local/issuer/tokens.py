"""Signed tokens with Cognito's claims."""

import base64
import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from tests.local.issuer.grants import Clock, SignedIn
from tests.local.specs import ClientSpec

_PEOPLE = uuid.UUID("5b0d6f4e-6a39-4a5e-9f0a-6e4c3f1d2b70")  # namespace of people's `sub`


class Tokens:
    """RS256, with a key for access tokens and another for ID tokens, as
    amazon-cognito-user-pools-using-the-access-token.html says."""

    def __init__(self, issuer: str, now: Clock) -> None:
        self._issuer = issuer
        self._now = now
        self._people: dict[str, tuple[str, bool]] = {}  # who is which `sub`, and of which kind
        self.access_key = _new_key("local")
        self._id_key = _new_key("local-id")

    def public_keys(self) -> dict[str, Any]:
        return dict(KeySet([self.access_key, self._id_key]).as_dict(private=False))

    def machine_token(self, client: ClientSpec, scopes: Sequence[str]) -> str:
        now = int(self._now())
        claims = self._claims("access", now + client.access_token_s)
        claims |= {
            "sub": client.client_id,
            "client_id": client.client_id,
            "scope": " ".join(scopes),
            "auth_time": now,
            "version": 2,
        }
        return self._signed(claims, self.access_key)

    def access_token(self, client: ClientSpec, scopes: Sequence[str], signed_in: SignedIn) -> str:
        claims = self._claims("access", int(self._now()) + client.access_token_s)
        claims |= self._about(client, signed_in) | {
            "client_id": client.client_id,
            "scope": " ".join(scopes),
            "version": 2,
            "username": _username(signed_in.username, by_email=client.by_email),
        }
        return self._signed(claims, self.access_key)

    def id_token(
        self, client: ClientSpec, signed_in: SignedIn, access_token: str, nonce: str | None
    ) -> str:
        """amazon-cognito-user-pools-using-the-id-token.html"""
        claims = self._claims("id", int(self._now()) + client.id_token_s)
        claims |= self._about(client, signed_in) | {
            "aud": client.client_id,
            "at_hash": _half_hash(access_token),
            "cognito:username": _username(signed_in.username, by_email=client.by_email),
        }
        if client.by_email:
            claims |= {"email": signed_in.username, "email_verified": True}
        if nonce is not None:
            claims["nonce"] = nonce
        return self._signed(claims, self._id_key)

    def attributes(self, sub: str) -> dict[str, str]:
        """Of a person who has a token. All of them are text, says userinfo-endpoint.html."""
        username, by_email = self._people[sub]
        found = {"sub": sub, "username": _username(username, by_email=by_email)}
        return found | ({"email": username, "email_verified": "true"} if by_email else {})

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of a token that was signed here, of either use; None of any other."""
        keys = KeySet([self.access_key, self._id_key])
        try:
            return dict(jwt.decode(token, keys, algorithms=["RS256"]).claims)
        except (JoseError, ValueError):
            return None

    def _claims(self, use: str, expires: int) -> dict[str, Any]:
        return {
            "iss": self._issuer,
            "token_use": use,
            "iat": int(self._now()),
            "exp": expires,
            "jti": str(uuid.uuid4()),
        }

    def _about(self, client: ClientSpec, signed_in: SignedIn) -> dict[str, Any]:
        sub = _subject(signed_in.username)
        self._people[sub] = signed_in.username, client.by_email
        return {
            "sub": sub,
            "auth_time": signed_in.auth_time,
            "origin_jti": signed_in.origin_jti,
            "event_id": str(uuid.uuid4()),
        }

    def _signed(self, claims: dict[str, Any], key: RSAKey) -> str:
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)


def _username(name: str, *, by_email: bool) -> str:
    """Where people sign in with an address, their user name is their `sub`
    (user-pool-settings-attributes.html, "Customizing sign-in attributes")."""
    return _subject(name) if by_email else name


def _subject(username: str) -> str:
    return str(uuid.uuid5(_PEOPLE, username))


def _new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def _half_hash(access_token: str) -> str:
    """`at_hash`: OpenID Connect Core 1.0, 3.1.3.6."""
    half = hashlib.sha256(access_token.encode()).digest()[:16]
    return base64.urlsafe_b64encode(half).rstrip(b"=").decode()
