"""Signing in and out: to the sign-in pages, back from them, and every way in which that fails.

Whatever goes wrong, nothing is lost, and one press begins again for the same page.
"""

import secrets
from http import HTTPStatus

from aws_lambda_powertools.shared.cookies import Cookie

from meterai.domain.errors import Unavailable
from meterai.domain.sign_in.begun import (
    KEPT_FOR,
    BegunSignIn,
    begun_text,
    own_path,
    read_begun,
)
from meterai.domain.sign_in.flow import SignInFailed, SignInFailure, new_sign_in
from meterai.entrypoints.log import logger
from meterai.pages.answers import Redirect, Shown
from meterai.pages.site import no_session_cookie, own_cookie, session_cookie
from meterai.pages.visits import Visit
from meterai.steps.sign_in import sign_in

STATE_SHOWN = 8  # characters
MAX_BEGUN = 4  # at once in one browser: a request's headers have 10,240 bytes at most
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
_FAILED_HERE = (SignInFailure.NO_CODE, SignInFailure.ID_TOKEN_WRONG)


def begin(visit: Visit) -> Redirect:
    """GET /masuk?ke=PATH."""
    back_to = own_path(visit.query.get("ke"), otherwise=visit.area.own)
    if visit.session is not None:
        return Redirect(back_to)
    pending = new_sign_in(lambda: secrets.token_urlsafe(32))
    text = begun_text(pending, back_to, visit.now, visit.ports.token_signer)
    lasts_s = int(KEPT_FOR.total_seconds())
    begun = own_cookie(_name(visit, pending.state), text, lasts_s)
    address = visit.ports.sign_in_provider.address(pending, visit.language)
    return Redirect(address, (begun, *_too_many(visit)))


def come_back(visit: Visit) -> Redirect | Shown:
    """GET /masuk/kembali, where the sign-in pages send the browser."""
    name = _name(visit, visit.query.get("state", ""))
    begun = read_begun(visit.cookies.get(name, ""), visit.ports.token_signer)
    try:
        pending = None if begun is None else begun.pending_at(visit.now)
        session = sign_in(visit.query, pending, visit.area.sessions, visit.ports)
    except SignInFailed as failed:
        logger.warning("not signed in", extra={"failure": failed.failure, "detail": failed.detail})
        if failed.failure is SignInFailure.NOT_BEGUN_HERE and visit.session is not None:
            return Redirect(visit.area.own)  # the address once more, of a sign-in that went well
        return _failed(visit, failed.failure, begun)
    except Unavailable as fault:
        logger.warning("not signed in", extra={"failure": fault.code, **fault.values})
        return _failed(visit, "unavailable", begun)
    back_to = visit.area.own if begun is None else begun.back_to
    return Redirect(back_to, (session_cookie(visit.area, session), own_cookie(name, "", 0)))


def ask(visit: Visit) -> Shown | Redirect:
    """GET /keluar: for those whose form was too old."""
    return Shown("sign_out") if visit.session is not None else Redirect(visit.area.first_page)


def sign_out(visit: Visit) -> Redirect:
    """POST /keluar. Where nobody is signed in the sign-in pages are left alone: the request may be
    another site's."""
    if visit.session is None:
        return Redirect(visit.area.first_page)
    return Redirect(
        visit.ports.sign_in_provider.sign_out_address(), (no_session_cookie(visit.area),)
    )


def _name(visit: Visit, state: str) -> str:
    return visit.area.begun_cookie + state[:STATE_SHOWN]


def _failed(visit: Visit, failure: SignInFailure | str, begun: BegunSignIn | None) -> Shown:
    """A reload asks for the same code again, which is right where the issuer did not answer."""
    is_ours = failure == "unavailable" or failure in _FAILED_HERE
    return Shown(
        "sign_in_failed",
        {"failure": str(failure), "back_to": visit.area.own if begun is None else begun.back_to},
        status=HTTPStatus.SERVICE_UNAVAILABLE if is_ours else HTTPStatus.FORBIDDEN,
    )


def _too_many(visit: Visit) -> list[Cookie]:
    """Removes those of sign-ins that were given up, of which one more would not fit."""
    begun = [name for name in visit.cookies if name.startswith(visit.area.begun_cookie)]
    return [own_cookie(name, "", 0) for name in begun[: max(0, len(begun) + 1 - MAX_BEGUN)]]
