"""The WSGI application: the addresses of a user pool and of its domain, on one port.

`/.well-known/...` are the pool's, at `cognito-idp.REGION.amazonaws.com` on AWS; the others are the
domain's. `/only-here/token` is nobody's: it gives anybody a token for any name.
"""

import time
import uuid
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from tests.local.http_answers import json_response
from tests.local.issuer.authorization import SYSTEM_SCOPES, Authorization
from tests.local.issuer.grants import Clock, Grants, SignedIn
from tests.local.issuer.login_page import error_page
from tests.local.issuer.refusals import TokenRefused
from tests.local.issuer.token_endpoint import TokenEndpoint
from tests.local.issuer.tokens import Tokens
from tests.local.specs import ClientSpec

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_PATHS = Map(
    [
        Rule("/.well-known/openid-configuration", endpoint="configuration", methods=["GET"]),
        Rule("/.well-known/jwks.json", endpoint="keys", methods=["GET"]),
        Rule("/oauth2/authorize", endpoint="authorize", methods=["GET"]),
        Rule("/login", endpoint="login", methods=["GET", "POST"]),
        Rule("/logout", endpoint="logout", methods=["GET"]),
        Rule("/error", endpoint="error", methods=["GET"]),
        Rule("/oauth2/token", endpoint="token", methods=["POST", "OPTIONS"]),
        Rule("/oauth2/revoke", endpoint="revoke", methods=["POST", "OPTIONS"]),
        Rule("/oauth2/userInfo", endpoint="user_info", methods=["GET", "OPTIONS"]),
        Rule("/only-here/token", endpoint="token_for_anybody", methods=["POST"]),
    ]
)
# cognito-user-pools-managed-login.html, "CORS policies", names the first three: scripts of any page
# may call them, and none may call what belongs in an address bar. Cognito's console tells pages to
# read the other two from the pool, for react-oidc-context.
_FOR_SCRIPTS = {"token", "revoke", "user_info", "configuration", "keys"}
_SCRIPT_HEADERS = "authorization,content-type,x-requested-with"


class Issuer:
    """All user pools: their clients tell them apart. `now` is the time in seconds."""

    def __init__(
        self,
        url: str,
        clients: Iterable[ClientSpec],
        *,
        now: Clock = time.time,
    ) -> None:
        self.url = url
        # Code in this process can read the keys: tests forge tokens with them.
        self.tokens = Tokens(url, now)
        self.now = now
        self._clients = {client.client_id: client for client in clients}
        grants = Grants(now)
        pages = Authorization(self._clients, grants)
        programs = TokenEndpoint(self._clients, grants, self.tokens, now)
        self._endpoints = {
            "configuration": lambda _: json_response(200, self._configuration()),
            "keys": lambda _: json_response(200, self.tokens.public_keys()),
            "authorize": pages.authorize,
            "login": pages.login,
            "logout": pages.logout,
            "error": error_page,
            "token": programs.token,
            "revoke": programs.revoke,
            "user_info": programs.user_info,
            "token_for_anybody": self._token_for_anybody,
        }

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        return self._answer(Request(environ))(environ, start_response)

    def access_token(
        self, client: ClientSpec, scopes: Sequence[str], username: str | None = None
    ) -> str:
        """A token for the client itself, or for a person through it, without a sign-in."""
        if username is None:
            return self.tokens.machine_token(client, scopes)
        signed_in = SignedIn(username.lower(), int(self.now()), str(uuid.uuid4()))
        return self.tokens.access_token(client, scopes, signed_in)

    def _answer(self, request: Request) -> Response:
        try:
            endpoint, _ = _PATHS.bind_to_environ(request.environ).match()
        except HTTPException as not_here:
            return json_response(not_here.code or 404, {"message": not_here.name})
        try:
            is_preflight = request.method == "OPTIONS"
            response = Response(status=204) if is_preflight else self._endpoints[endpoint](request)
        except TokenRefused as refusal:
            response = json_response(refusal.status, refusal.body)
        if endpoint in _FOR_SCRIPTS:
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Headers"] = _SCRIPT_HEADERS
        return response

    def _configuration(self) -> dict[str, object]:
        scopes = {scope for client in self._clients.values() for scope in client.scopes}
        return {
            "authorization_endpoint": f"{self.url}/oauth2/authorize",
            "end_session_endpoint": f"{self.url}/logout",
            "id_token_signing_alg_values_supported": ["RS256"],
            "issuer": self.url,
            "jwks_uri": f"{self.url}/.well-known/jwks.json",
            "response_types_supported": ["code", "token"],
            "revocation_endpoint": f"{self.url}/oauth2/revoke",
            "scopes_supported": sorted(scopes & set(SYSTEM_SCOPES)),
            "subject_types_supported": ["public"],
            "token_endpoint": f"{self.url}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "userinfo_endpoint": f"{self.url}/oauth2/userInfo",
        }

    def _token_for_anybody(self, request: Request) -> Response:
        client = self._clients.get(request.form.get("client_id", ""))
        username = request.form.get("username")
        if client is None or "code" not in client.flows:
            raise TokenRefused("invalid_client")
        if not username:
            raise TokenRefused("invalid_request")
        token = self.access_token(client, client.scopes, username)
        return json_response(200, {"access_token": token, "token_type": "Bearer"})
