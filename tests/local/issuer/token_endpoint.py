"""`/oauth2/token`, `/oauth2/revoke` and `/oauth2/userInfo`: what programs ask."""

import base64
import hashlib
from collections.abc import Callable, Mapping

from werkzeug.wrappers import Request, Response

from tests.local.http_answers import json_response
from tests.local.issuer.grants import Clock, Grants, RefreshGrant, SignedIn
from tests.local.issuer.refusals import TokenRefused
from tests.local.issuer.tokens import Tokens
from tests.local.specs import ClientSpec

Endpoint = Callable[[Request], Response]


class TokenEndpoint:
    """token-endpoint.html, revocation-endpoint.html, userinfo-endpoint.html."""

    def __init__(
        self, clients: Mapping[str, ClientSpec], grants: Grants, tokens: Tokens, now: Clock
    ) -> None:
        self._clients = clients
        self._grants = grants
        self._tokens = tokens
        self._now = now

    def token(self, request: Request) -> Response:
        client = self._client_of(request)
        match request.form.get("grant_type"):
            case "client_credentials":
                return self._for_machine(client, request.form)
            case "authorization_code":
                return self._for_code(client, request.form)
            case "refresh_token":
                return self._for_refresh_token(client, request.form)
            case None:
                raise TokenRefused("invalid_request")
            case _:
                raise TokenRefused("unsupported_grant_type")

    def revoke(self, request: Request) -> Response:
        try:
            client = self._client_of(request)
        except TokenRefused as refusal:
            raise TokenRefused("invalid_client", status=401) from refusal
        token = request.form.get("token")
        if not token or not client.can_revoke:
            raise TokenRefused("invalid_request")
        if self._tokens.read(token) is not None:
            raise TokenRefused("unsupported_token_type")
        grant = self._grants.refresh_grant(token)
        if grant is not None and grant.client_id == client.client_id:
            self._grants.revoke(grant.signed_in)
        return Response(status=200)  # "or if the client submitted an invalid token"

    def user_info(self, request: Request) -> Response:
        if request.authorization is None or request.authorization.type != "bearer":
            text = "Bad OAuth2 request at UserInfo Endpoint"
            return _user_info_refused(400, "invalid_request", text)
        claims = self._tokens.read(request.authorization.token or "")
        if claims is None or not self._may_read_user_info(claims):
            return _user_info_refused(
                401,
                "invalid_token",
                "Access token is expired, disabled, or deleted, or the user has globally signed "
                "out.",
            )
        return json_response(200, self._tokens.attributes(claims["sub"]))

    def _may_read_user_info(self, claims: Mapping[str, object]) -> bool:
        signed_in = SignedIn("", 0, str(claims.get("origin_jti")))
        return (
            claims["token_use"] == "access"
            and "openid" in str(claims["scope"]).split()
            and int(str(claims["exp"])) > self._now()
            and not self._grants.is_revoked(signed_in)
        )

    def _client_of(self, request: Request) -> ClientSpec:
        """By `client_secret_basic` or `client_secret_post`; a public client by its id alone."""
        basic = request.authorization
        client_id = (basic and basic.username) or request.form.get("client_id", "")
        secret = (basic and basic.password) or request.form.get("client_secret", "")
        client = self._clients.get(client_id)
        if client is None or client.client_secret != secret:
            raise TokenRefused("invalid_client")
        return client

    def _for_machine(self, client: ClientSpec, form: Mapping[str, str]) -> Response:
        if "client_credentials" not in client.flows:
            raise TokenRefused("unauthorized_client")
        scopes = form.get("scope", "").split()
        if not set(scopes) <= set(client.scopes):
            raise TokenRefused("invalid_scope")
        token = self._tokens.machine_token(client, scopes or client.scopes)
        return _issued(client, access_token=token)

    def _for_code(self, client: ClientSpec, form: Mapping[str, str]) -> Response:
        if "code" not in client.flows:
            raise TokenRefused("unauthorized_client")
        code, redirect_uri = form.get("code"), form.get("redirect_uri")
        if not code or not redirect_uri:
            raise TokenRefused("invalid_request")
        grant = self._grants.use_code(code)
        if grant is None or grant.client_id != client.client_id:
            raise TokenRefused("invalid_grant")
        if grant.redirect_uri != redirect_uri:
            raise TokenRefused("unauthorized_client", description="invalid_redirect")
        _check_verifier(grant.code_challenge, form.get("code_verifier"))
        until = self._now() + client.refresh_token_s
        refresh = RefreshGrant(client.client_id, grant.scopes, grant.signed_in, until)
        refresh_token = self._grants.new_refresh_token(refresh)
        return self._issued_to_person(client, refresh, grant.nonce, refresh_token=refresh_token)

    def _for_refresh_token(self, client: ClientSpec, form: Mapping[str, str]) -> Response:
        """With rotation each answer brings the next refresh token; without it none does."""
        if "code" not in client.flows:
            raise TokenRefused("unauthorized_client")
        token = form.get("refresh_token")
        if not token:
            raise TokenRefused("invalid_request")
        grant = self._grants.refresh_grant(token)
        if grant is None or grant.client_id != client.client_id:
            raise TokenRefused("invalid_grant")
        if client.retry_grace_s is None:
            return self._issued_to_person(client, grant, nonce=None)
        following = self._grants.rotate(token, grant, client.retry_grace_s)
        return self._issued_to_person(client, grant, nonce=None, refresh_token=following)

    def _issued_to_person(
        self, client: ClientSpec, grant: RefreshGrant, nonce: str | None, **more: str
    ) -> Response:
        """authorization-endpoint.html: an ID token is returned with the scope `openid` alone."""
        access = self._tokens.access_token(client, grant.scopes, grant.signed_in)
        if "openid" in grant.scopes:
            more["id_token"] = self._tokens.id_token(client, grant.signed_in, access, nonce)
        return _issued(client, access_token=access, **more)


def _check_verifier(challenge: str | None, verifier: str | None) -> None:
    """A wrong verifier is an invalid request, says AWS's answer at
    https://repost.aws/questions/QUribd4ytZTnmoxKt_B7DXFg/cognito-returns-invalid-request-and-unauthorized-client.
    One that no challenge announced is refused too, as RFC 9700 asks in 2.1.1."""
    if challenge is None and verifier is None:
        return
    digest = hashlib.sha256((verifier or "").encode()).digest()
    if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != challenge:
        raise TokenRefused("invalid_request")


def _issued(client: ClientSpec, **tokens: str) -> Response:
    expires = {"expires_in": client.access_token_s, "token_type": "Bearer"}
    return json_response(200, {**tokens, **expires}, {"Cache-Control": "no-store"})


def _user_info_refused(status: int, error: str, description: str) -> Response:
    challenge = f'error="{error}", error_description="{description}"'
    return Response(status=status, headers={"WWW-Authenticate": challenge})
