"""The token issuer that replaces Cognito: RS256 access tokens in the form of a user pool's.

`POST /oauth2/token` gives a token for `client_credentials`, as Cognito's domain does. Only here,
and on no AWS account, `grant_type=password` gives one for any `username`, without checking a
password. It replaces the login page, where there is nobody to log in.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from tests.local.http_answers import json_response
from tests.local.specs import ClientSpec, ResourceServerSpec

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_USERS = uuid.UUID("5b0d6f4e-6a39-4a5e-9f0a-6e4c3f1d2b70")  # namespace of the users' `sub`
_PATHS = Map(
    [
        Rule("/.well-known/openid-configuration", endpoint="configuration", methods=["GET"]),
        Rule("/.well-known/jwks.json", endpoint="keys", methods=["GET"]),
        Rule("/oauth2/token", endpoint="token", methods=["POST", "OPTIONS"]),
    ]
)


class _TokenError(Exception):
    """An OAuth error, in the code of RFC 6749 section 5.2. Cognito answers each with 400."""


class Issuer:
    """A WSGI application for one user pool."""

    def __init__(
        self,
        url: str,
        clients: Iterable[ClientSpec],
        resource_servers: Iterable[ResourceServerSpec],
    ) -> None:
        self.url = url
        # Code in this process can read the key: tests forge tokens with one of their own.
        self._key = RSAKey.generate_key(2048, {"kid": "local", "use": "sig", "alg": "RS256"})
        self._clients = {client.client_id: client for client in clients}
        self._scopes = {scope for server in resource_servers for scope in server.scopes}

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        response = self._answer(Request(environ))
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Allow-Headers"] = "authorization,content-type"
        return response(environ, start_response)

    def access_token(
        self, client: ClientSpec, scopes: Sequence[str], username: str | None = None
    ) -> str:
        """A token for the client itself, or for a user through it."""
        now = int(time.time())
        claims: dict[str, object] = {
            "sub": str(uuid.uuid5(_USERS, username)) if username else client.client_id,
            "client_id": client.client_id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "auth_time": now,
            "iss": self.url,
            "exp": now + client.access_token_s,
            "iat": now,
            "jti": str(uuid.uuid4()),
            "version": 2,
        }
        if username:
            claims["username"] = username
        return jwt.encode({"alg": "RS256", "kid": "local"}, claims, self._key)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, _ = _PATHS.bind_to_environ(request.environ).match()
        except HTTPException as not_here:
            return json_response(not_here.code or 404, {"message": not_here.name})
        match endpoint:
            case "configuration":
                return json_response(200, self._configuration())
            case "keys":
                keys = KeySet([self._key]).as_dict(private=False)
                return json_response(200, keys)
            case _ if request.method == "OPTIONS":
                return Response(status=204)
            case _:
                return self._token(request)

    def _configuration(self) -> dict[str, object]:
        return {
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "token_endpoint": f"{self.url}/oauth2/token",
            "grant_types_supported": ["client_credentials", "password"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": sorted(self._scopes),
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }

    def _token(self, request: Request) -> Response:
        try:
            client, username = self._who(request)
            scopes = _granted(client, request.form.get("scope", ""))
        except _TokenError as refused:
            return json_response(400, {"error": str(refused)})
        token = self.access_token(client, scopes, username)
        return json_response(
            200,
            {
                "access_token": token,
                "expires_in": client.access_token_s,
                "token_type": "Bearer",
            },
        )

    def _who(self, request: Request) -> tuple[ClientSpec, str | None]:
        basic = request.authorization
        client_id = (basic and basic.username) or request.form.get("client_id", "")
        secret = (basic and basic.password) or request.form.get("client_secret", "")
        client = self._clients.get(client_id)
        if client is None or client.client_secret != secret:
            raise _TokenError("invalid_client")
        is_machine = "client_credentials" in client.flows
        match request.form.get("grant_type"):
            case "client_credentials":
                if not is_machine:
                    raise _TokenError("unauthorized_client")
                return client, None
            case "password":
                if is_machine:
                    raise _TokenError("unauthorized_client")
                if not request.form.get("username"):
                    raise _TokenError("invalid_request")
                return client, request.form["username"]
            case _:
                raise _TokenError("unsupported_grant_type")


def _granted(client: ClientSpec, requested: str) -> Sequence[str]:
    """The requested scopes if they are allowed; all of the client's if none was requested."""
    scopes = requested.split()
    if not set(scopes) <= set(client.scopes):
        raise _TokenError("invalid_scope")
    return scopes or client.scopes
