"""An answer for everybody: a page for people, JSON for programs, by `Accept`."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response

from meterai.api.models import Answer
from meterai.domain.errors import NotFound
from meterai.entrypoints.http import HttpApi
from meterai.languages import Language
from meterai.pages.public_pages import PublicPage

HTML = "text/html; charset=utf-8"

AnswerT = TypeVar("AnswerT", bound=Answer)


def public_answer(
    api: HttpApi,
    cache_control: str,
    read: Callable[[], AnswerT],
    page: Callable[[AnswerT, Language], PublicPage],
    unknown_page: Callable[[Language], PublicPage],
) -> Response[AnswerT | str]:
    """`unknown_page` replaces the problem `not_found` for people."""
    for_a_person = "text/html" in (api.current_event.headers.get("accept") or "")
    headers = {"Cache-Control": cache_control, "Vary": "Accept"}
    try:
        answer = read()
    except NotFound:
        if not for_a_person:
            raise
        unknown = unknown_page(api.language)
        return Response(HTTPStatus.NOT_FOUND, HTML, unknown.html, headers | unknown.headers)
    if for_a_person:
        shown = page(answer, api.language)
        return Response(HTTPStatus.OK, HTML, shown.html, headers | shown.headers)
    return Response(HTTPStatus.OK, "application/json", answer, headers)
