"""From the app to the sign-in page and back: the flow of `meterai.domain.sign_in`, with its
requests sent and the ID token's signature checked."""

import secrets
import time
from urllib.parse import parse_qs

from meterai.domain.sign_in import flow
from meterai.domain.sign_in.flow import App, PendingSignIn, SignInFailure, new_sign_in
from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.sign_in.id_token import check_id_token
from meterai_cli.sign_in.provider import Provider, post
from meterai_cli.sign_in.session import Clock, Session

__all__ = ["App", "PendingSignIn", "address", "begin", "finish", "sign_out_address"]

OPERATOR_SCOPES = ("openid", "meterai/operator")
_SAYS = {
    SignInFailure.NOT_BEGUN_HERE: "The answer belongs to another sign-in: "
    "sign in again, from the app",
    SignInFailure.ENDED_THERE: "Nobody was signed in ({}): sign in again",
    SignInFailure.NO_CODE: "The sign-in page sent no code: sign in again",
}


def begin() -> PendingSignIn:
    """Each sign-in has its own."""
    return new_sign_in(lambda: secrets.token_urlsafe(32))


def address(
    provider: Provider, app: App, pending: PendingSignIn, *, language: str | None = None
) -> str:
    """Where the browser goes. `language`: `id` for pages in Indonesian."""
    endpoint = provider.authorization_endpoint
    return flow.sign_in_address(endpoint, app, pending, language=language)


def finish(
    provider: Provider,
    app: App,
    pending: PendingSignIn,
    came_back_to: str,
    *,
    now: Clock = time.time,
) -> Session:
    """`came_back_to`: the whole address at which the browser arrived."""
    code = _code_in(app, pending, came_back_to)
    status, tokens = post(provider.token_endpoint, flow.token_request(app, pending, code))
    if status != 200:
        raise SignInFailed(f"The sign-in was refused ({tokens.get('error')}): sign in again")
    access_token = tokens["access_token"]
    subject = check_id_token(
        tokens.get("id_token", ""),
        provider,
        client_id=app.client_id,
        nonce=pending.nonce,
        access_token=access_token,
        now=now,
    )
    return Session(
        provider,
        app.client_id,
        subject=subject,
        access_token=access_token,
        refresh_token=tokens["refresh_token"],
        valid_s=tokens["expires_in"],
        now=now,
    )


def sign_out_address(provider: Provider, app: App) -> str:
    """Where the browser goes after `Session.revoke`."""
    endpoint = provider.end_session_endpoint
    return flow.sign_out_address(endpoint, app.client_id, app.redirect_uri)


def _code_in(app: App, pending: PendingSignIn, came_back_to: str) -> str:
    given, _, query = came_back_to.partition("?")
    if given != app.redirect_uri.partition("?")[0]:
        raise SignInFailed(f"The browser arrived at {given}, not at {app.redirect_uri}")
    values = {name: value for name, (value, *_) in parse_qs(query).items()}
    try:
        return flow.code_in(values, pending)
    except flow.SignInFailed as failed:
        raise SignInFailed(_SAYS[failed.failure].format(failed.detail)) from failed
