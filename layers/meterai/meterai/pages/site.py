"""The entry point of the pages: a request becomes a call of a view, and every error becomes a page.

A function makes one `Site` and gives it routes. Views see a `Visit` and answer a page, another
address or a picture (`answers.py`); they set no header and read no cookie.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, quote

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.shared.cookies import Cookie, SameSite
from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import Container
from meterai.domain.errors import MeteraiError, NotFound, Refusal
from meterai.domain.sessions import Session, is_own_form, read_session, renewed_session
from meterai.entrypoints.edge import NotThroughEdge, require_edge
from meterai.entrypoints.log import begin, logger
from meterai.entrypoints.time_left import time_left
from meterai.languages import Language, negotiate
from meterai.pages.answers import PageAnswer, Picture, PublicContent, Redirect, Shown
from meterai.pages.areas import OF_APPLICANTS, Area
from meterai.pages.environment import render
from meterai.pages.static_files import StaticFile
from meterai.pages.visits import LANGUAGE, FormTokenWrong, SignInNeeded, Visit
from meterai.problems import PROBLEMS

HTML = "text/html; charset=utf-8"
MAX_FORM_FIELDS = 64
PUBLIC_S = 300  # so long a public page is kept, by browsers and by CloudFront
YEAR_S = 31_536_000

View = Callable[..., PageAnswer]
PublicView = Callable[[Container, datetime, Language], PublicContent]


class Site(APIGatewayHttpResolver):
    """`handler` is what Lambda calls. Another site can neither frame a page nor send its form."""

    def __init__(self, container: Container, area: Area = OF_APPLICANTS) -> None:
        super().__init__()
        self._container = container
        self._area = area
        self.exception_handler(Exception)(self._failed)
        self.not_found(self._no_route)

    def page(self, path: str, view: View, *, form: View | None = None) -> None:
        """`view` answers GET. `form` answers the POST of what that page shows: it has the same
        address, so that people who have to sign in first come back to the page."""
        self.get(path)(lambda **parts: self._answer(view, parts))
        if form is not None:
            self.post(path)(lambda **parts: self._answer(form, parts, checks_token=True))

    def public(self, path: str, view: PublicView) -> None:
        """The same for everybody who reads that language, signed in or not, so that it may be
        kept: no cookie and no query changes it."""
        self.get(path)(lambda: self._public(view))

    def handler(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        begin(context)
        time_left.begin(context)
        self.lambda_context = context
        try:
            require_edge(event.get("headers") or {})
        except NotThroughEdge:
            return self._to_the_edge(event["rawPath"])
        answer: dict[str, Any] = self.resolve(event, context)
        return answer

    def _to_the_edge(self, path: str) -> dict[str, Any]:
        """The API's own address is no place for a person: they are led to the pages' address."""
        to = self._container.settings.pages_url + quote(path)
        headers = {"Location": to, "Cache-Control": "no-store"}
        return {"statusCode": HTTPStatus.SEE_OTHER, "headers": headers, "body": ""}

    # From a request to a view

    def _answer(
        self, view: View, parts: Mapping[str, str], *, checks_token: bool = False
    ) -> Response[str]:
        visit = self._visit()
        chosen = visit.query.get(LANGUAGE)
        if chosen in set(Language):
            kept = Cookie(LANGUAGE, chosen, path="/", max_age=YEAR_S, same_site=SameSite.LAX_MODE)
            return _redirect(visit.address, [kept])
        try:
            if checks_token:
                self._check_form(visit)
            answer = view(visit, **parts)
        except SignInNeeded:
            return _redirect(f"{self._area.sign_in}?ke={quote(visit.address, safe='/')}")
        except FormTokenWrong:
            answer = Shown("form_too_old", status=HTTPStatus.FORBIDDEN)
        except MeteraiError as error:
            answer = self._refused(error, visit.language)
        return self._response(answer, visit)

    def _public(self, view: PublicView) -> Response[str]:
        language = self._language({})
        try:
            content = view(self._container, self._container.now, language)
        except MeteraiError as error:
            return self._response(self._refused(error, language), self._visit())
        headers: dict[str, str | list[str]] = {
            **content.headers,
            "Cache-Control": f"public, max-age={PUBLIC_S}",
            "ETag": f'"{hashlib.sha256(content.body.encode()).hexdigest()[:32]}"',
            "Vary": "Accept-Language",
            "X-Content-Type-Options": "nosniff",
        }
        known = self.current_event.headers.get("if-none-match") or ""
        # A proxy that compressed it has made the tag a weak one: W/"…".
        if headers["ETag"] in [one.strip().removeprefix("W/") for one in known.split(",")]:
            return Response(HTTPStatus.NOT_MODIFIED, content.media_type, "", headers)
        return Response(HTTPStatus.OK, content.media_type, content.body, headers)

    def _visit(self) -> Visit:
        event = self.current_event.raw_event
        cookies = _cookies(event)
        text = cookies.get(self._area.session_cookie)
        now = self._container.now
        return Visit(
            # One slash in front: with two it would be another site.
            path="/" + quote(self.current_event.path.lstrip("/")),
            language=self._language(cookies),
            now=now,
            ports=self._container,
            area=self._area,
            session=self._read_session(text, now) if text else None,
            query=event.get("queryStringParameters") or {},
            form=_form(event),
            cookies=cookies,
        )

    def _read_session(self, text: str, now: datetime) -> Session | None:
        return read_session(self._area.sessions, text, now, self._container.token_signer)

    def _language(self, cookies: Mapping[str, str]) -> Language:
        """As chosen here, else as their browser asks for."""
        chosen = cookies.get(LANGUAGE)
        if chosen in set(Language):
            return Language(chosen)
        return negotiate(self.current_event.headers.get("accept-language"))

    def _check_form(self, visit: Visit) -> None:
        """The cookie is SameSite as well; where nobody is signed in, there is nobody to be
        imitated. Raises SignInNeeded, FormTokenWrong."""
        # Not by `Origin`: behind the edge the function does not know the host that was asked.
        if self.current_event.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            raise FormTokenWrong
        if visit.session is None:
            if visit.path.startswith(self._area.own):
                raise SignInNeeded
            return
        token = visit.form.get("token", "")
        session, signer = visit.session, self._container.token_signer
        if not is_own_form(session.kind, token, session.subject, visit.now, signer):
            raise FormTokenWrong

    # From an answer to a response

    def _response(self, answer: PageAnswer, visit: Visit) -> Response[str]:
        waits = isinstance(answer, Shown) and answer.refresh_s is not None
        cookies = _renewed(visit, waits=waits)
        if isinstance(answer, Redirect):
            return _redirect(answer.to, list(answer.cookies) or cookies)
        if isinstance(answer, Picture):
            return _picture(answer)
        body = render(
            answer.template,
            visit.language,
            visit=visit,
            refresh_s=answer.refresh_s,
            **answer.values,
        )
        return _html(body, answer.status, self._policy(), cookies, visit.language)

    def _policy(self) -> str:
        """Uploads go straight to the bucket; signing out leads to the sign-in pages."""
        settings = self._container.settings
        elsewhere = " ".join(filter(None, (settings.uploads_origin, settings.sign_in_origin)))
        return (
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
            f"connect-src 'self' {settings.uploads_origin}; form-action 'self' {elsewhere}; "
            "base-uri 'none'; frame-ancestors 'none'"
        )

    def _refused(self, error: MeteraiError, language: Language) -> Shown:
        if error.code not in PROBLEMS:
            raise error
        known = PROBLEMS[error.code]
        if isinstance(error, NotFound):
            return _not_found()
        is_answer = isinstance(error, Refusal) or known.status < HTTPStatus.INTERNAL_SERVER_ERROR
        values = error.values if is_answer else {"request_id": self.lambda_context.aws_request_id}
        if not is_answer:
            logger.warning("not served", extra={"code": error.code, "values": error.values})
        return Shown(
            "problem",
            {
                "title": known.title.in_language(language),
                "detail": known.sentence({"retry_after_s": 5, **values}, language),
                "may_repeat": known.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            },
            status=known.status,
        )

    def _failed(self, error: Exception) -> Response[str]:
        logger.exception("unexpected error", exc_info=error)
        language = self._language(_cookies(self.current_event.raw_event))
        body = render("failed", language, request_id=self.lambda_context.aws_request_id)
        return _html(body, HTTPStatus.INTERNAL_SERVER_ERROR, self._policy(), [], language)

    def _no_route(self, _: NotFoundError) -> Response[str]:
        return self._answer(_not_found, {})


def static_response(file: StaticFile, *, for_ever: bool) -> Response[str]:
    kept = f"public, max-age={YEAR_S}, immutable" if for_ever else "no-store"
    headers: dict[str, str | list[str]] = {
        "Cache-Control": kept,
        "X-Content-Type-Options": "nosniff",
    }
    return Response(HTTPStatus.OK, file.media_type, file.content.decode("utf-8"), headers)


def session_cookie(area: Area, session: Session) -> Cookie:
    lasts_s = int(session.kind.lasts.total_seconds())
    return own_cookie(area.session_cookie, session.text, lasts_s)


def no_session_cookie(area: Area) -> Cookie:
    return own_cookie(area.session_cookie, "", 0)


def own_cookie(name: str, text: str, lasts_s: int) -> Cookie:
    """No script reads it. Lax: the sign-in pages and links in mails lead here, and then it must be
    there."""
    return Cookie(
        name,
        text,
        path="/",
        secure=True,
        http_only=True,
        max_age=lasts_s,
        same_site=SameSite.LAX_MODE,
    )


def _not_found(_: Visit | None = None) -> Shown:
    return Shown("not_found", status=HTTPStatus.NOT_FOUND)


def _renewed(visit: Visit, *, waits: bool) -> list[Cookie]:
    """`waits`: the page loads itself again."""
    session = visit.session
    if session is None or not session.is_due_for_renewal(visit.now):
        return []
    if waits and not session.kind.is_kept_by_waiting:
        return []
    renewed = renewed_session(session, visit.now, visit.ports.token_signer)
    return [session_cookie(visit.area, renewed)]


def _cookies(event: Mapping[str, Any]) -> dict[str, str]:
    pairs = (one.partition("=") for one in event.get("cookies") or ())
    return {name.strip(): value for name, _, value in pairs}


def _form(event: Mapping[str, Any]) -> dict[str, str]:
    """Forms are urlencoded: files go to the bucket, never through here. Rubbish is an empty form,
    whose token is then wrong."""
    body = event.get("body") or ""
    try:
        text = base64.b64decode(body).decode() if event.get("isBase64Encoded") else body
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FORM_FIELDS))
    except ValueError:
        return {}


def _html(
    body: str, status: int, policy: str, cookies: list[Cookie], language: Language
) -> Response[str]:
    headers: dict[str, str | list[str]] = {
        "Content-Security-Policy": policy,
        "Content-Language": language.value,
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, HTML, body, headers, cookies)


def _redirect(to: str, cookies: list[Cookie] | None = None) -> Response[str]:
    headers: dict[str, str | list[str]] = {"Location": to, "Cache-Control": "no-store"}
    return Response(HTTPStatus.SEE_OTHER, HTML, "", headers, cookies)


def _picture(answer: Picture) -> Response[str]:
    kept = f"private, max-age={answer.keep_s}" if answer.keep_s else "no-store"
    headers: dict[str, str | list[str]] = {"Cache-Control": kept}
    shown = Response(HTTPStatus.OK, "image/png", base64.b64encode(answer.png).decode(), headers)
    shown.base64_encoded = True
    return shown
