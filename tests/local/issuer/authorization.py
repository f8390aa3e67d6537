"""`/oauth2/authorize`, `/login` and `/logout`: what a person's browser visits.

A request is judged in the order of authorization-endpoint.html: who asks and where the answer may
go, which is shown to the person if it is wrong; then the rest, which is told to the app.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from tests.local.issuer.grants import SESSION_S, CodeGrant, Grants, SignedIn
from tests.local.issuer.login_page import login_page, remember_language
from tests.local.issuer.refusals import SentBack, ShownToPerson
from tests.local.specs import ClientSpec

SYSTEM_SCOPES = ("openid", "email", "phone", "profile", "aws.cognito.signin.user.admin")
_SESSION = "cognito-"  # and the pool: the pages of another pool have another host
# Who signs in next, without being asked: the developer's page sets it. Cognito has no such cookie.
NEXT_PERSON = "only-here-next"
_NOT_HERE = ("resource", "idp_identifier")  # documented, and not simulated


@dataclass(frozen=True)
class AuthorizationRequest:
    """One whose client and redirect address are registered, and whose rest is right."""

    client_id: str
    redirect_uri: str
    scopes: tuple[str, ...]
    nonce: str | None
    code_challenge: str | None


Step = Callable[[Request, AuthorizationRequest], Response]


class Authorization:
    """The pages of one user pool's domain."""

    def __init__(self, clients: Mapping[str, ClientSpec], grants: Grants) -> None:
        self._clients = clients
        self._grants = grants

    def authorize(self, request: Request) -> Response:
        """Somebody who signed in with this browser within the hour gets a code at once."""
        return self._answer(request, self._authorize)

    def login(self, request: Request) -> Response:
        return self._answer(request, self._login)

    def logout(self, request: Request) -> Response:
        """logout-endpoint.html. The session of the browser ends in any case:
        https://github.com/streamlit/streamlit/issues/14601"""
        try:
            response = self._after_logout(request.args)
        except ShownToPerson as refusal:
            response = _to_error_page(refusal, request.args)
        client = self._clients.get(request.args.get("client_id", ""))
        ended = _SESSION if client is None else _session_of(client)
        for name in [one for one in request.cookies if one.startswith(ended)]:
            self._grants.close_session(request.cookies[name])
            response.delete_cookie(name)
        return response

    def _answer(self, request: Request, step: Step) -> Response:
        response = self._judged(request, step)
        remember_language(request, response)
        return response

    def _judged(self, request: Request, step: Step) -> Response:
        parameters = request.args
        try:
            client = self._client_of(parameters)
            redirect_uri = _registered_redirect(client, parameters)
            try:
                return step(request, _read(client, redirect_uri, parameters))
            except SentBack as refusal:
                return _back_to_app(redirect_uri, parameters, error=refusal.error)
        except ShownToPerson as refusal:
            return _to_error_page(refusal, parameters)

    def _client_of(self, parameters: Mapping[str, str]) -> ClientSpec:
        client = self._clients.get(parameters.get("client_id", ""))
        if client is None:
            raise ShownToPerson("invalid_request")
        return client

    def _authorize(self, request: Request, asked: AuthorizationRequest) -> Response:
        client = self._clients[asked.client_id]
        person = request.cookies.get(NEXT_PERSON)
        if person is not None and client.by_email:
            response = self._signed_in(request, asked, person)
            response.delete_cookie(NEXT_PERSON)
            return response
        prompt = request.args.get("prompt", "").split()
        signed_in = self._grants.session(request.cookies.get(_session_of(client)))
        if signed_in is not None and "login" not in prompt:
            return self._with_code(request, asked, signed_in)
        if "none" in prompt:
            raise SentBack("login_required")
        return redirect("/login?" + urlencode(list(request.args.items(multi=True))))

    def _login(self, request: Request, asked: AuthorizationRequest) -> Response:
        client = self._clients[asked.client_id]
        if not client.has_login_page:
            raise ShownToPerson("Login pages unavailable")
        username = request.form.get("username", "").strip().lower()
        if not username:
            return login_page(request, by_email=client.by_email)
        return self._signed_in(request, asked, username)

    def _signed_in(self, request: Request, asked: AuthorizationRequest, username: str) -> Response:
        cookie = self._grants.open_session(username)
        signed_in = self._grants.session(cookie)
        assert signed_in is not None
        response = self._with_code(request, asked, signed_in)
        name = _session_of(self._clients[asked.client_id])
        response.set_cookie(name, cookie, max_age=SESSION_S, httponly=True, samesite="Lax")
        return response

    def _with_code(
        self, request: Request, asked: AuthorizationRequest, signed_in: SignedIn
    ) -> Response:
        grant = CodeGrant(
            client_id=asked.client_id,
            redirect_uri=asked.redirect_uri,
            scopes=asked.scopes,
            nonce=asked.nonce,
            code_challenge=asked.code_challenge,
            signed_in=signed_in,
        )
        code = self._grants.new_code(grant)
        return _back_to_app(asked.redirect_uri, request.args, code=code)

    def _after_logout(self, parameters: Mapping[str, str]) -> Response:
        """An address that is not registered counts as none, which is not enough:
        https://github.com/aws-amplify/amplify-js/issues/1298. OpenID's name of the parameter,
        `post_logout_redirect_uri`, is unknown: https://github.com/ITfoxtec/FoxIDs/issues/961"""
        client = self._client_of(parameters)
        logout_uri = parameters.get("logout_uri")
        if logout_uri in client.logout_urls:
            return redirect(logout_uri)
        if logout_uri is None and "redirect_uri" in parameters:
            _registered_redirect(client, parameters)
            return redirect("/login?" + urlencode(dict(parameters)))
        raise ShownToPerson("Required String parameter 'redirect_uri' is not present")


def _session_of(client: ClientSpec) -> str:
    """The cookie of those who are signed in to the client's pool."""
    return _SESSION + client.pool_id


def _registered_redirect(client: ClientSpec, parameters: Mapping[str, str]) -> str:
    """The whole address is compared, letter by letter, ports and final slashes included."""
    redirect_uri = parameters.get("redirect_uri", "")
    if redirect_uri not in client.callback_urls:
        raise ShownToPerson("redirect_mismatch")
    return redirect_uri


def _read(
    client: ClientSpec, redirect_uri: str, parameters: Mapping[str, str]
) -> AuthorizationRequest:
    """Raises SentBack. PKCE is the app's choice: Cognito accepts a request without it."""
    if any(name in parameters for name in _NOT_HERE):
        raise ShownToPerson(f"the local issuer does not simulate {_NOT_HERE}")
    match parameters.get("response_type"):
        case "code" if "code" in client.flows:
            pass
        case "code" | "token":
            raise SentBack("unauthorized_client")
        case _:
            raise SentBack("invalid_request")
    challenge, method = (parameters.get(f"code_challenge{end}") for end in ("", "_method"))
    if (challenge or method) and (not challenge or method != "S256"):
        raise SentBack("invalid_request")
    return AuthorizationRequest(
        client_id=client.client_id,
        redirect_uri=redirect_uri,
        scopes=_granted_scopes(client, parameters),
        nonce=parameters.get("nonce"),
        code_challenge=challenge,
    )


def _granted_scopes(client: ClientSpec, parameters: Mapping[str, str]) -> tuple[str, ...]:
    """All of the client's if none was requested. The page says of a scope that the client may not
    request both that it is ignored and that it is refused: here it is refused."""
    scopes = tuple(parameters.get("scope", "").split())
    if not set(scopes) <= set(client.scopes):
        raise SentBack("invalid_scope")
    if {"email", "phone", "profile"} & set(scopes) and "openid" not in scopes:
        raise SentBack("invalid_scope")
    return scopes or client.scopes


def _back_to_app(redirect_uri: str, parameters: Mapping[str, str], **answer: str) -> Response:
    if "state" in parameters:
        answer["state"] = parameters["state"]
    joined = "&" if "?" in redirect_uri else "?"
    return redirect(f"{redirect_uri}{joined}{urlencode(answer)}")


def _to_error_page(refusal: ShownToPerson, parameters: Mapping[str, str]) -> Response:
    query = {"error": refusal.error, "client_id": parameters.get("client_id", "")}
    return redirect("/error?" + urlencode(query))
