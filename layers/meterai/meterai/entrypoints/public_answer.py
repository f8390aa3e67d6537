"""An answer for everybody: a page for people, JSON for programs, by `Accept`."""

from collections.abc import Callable
from http import HTTPStatus
from typing import TypeVar

from aws_lambda_powertools.event_handler import Response
from pydantic import BaseModel

from meterai.domain.errors import NotFound
from meterai.entrypoints.http import HttpApi
from meterai.languages import Language

HTML = "text/html; charset=utf-8"
PAGE_HEADERS = {  # a page loads nothing and runs no script
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

AnswerT = TypeVar("AnswerT", bound=BaseModel)


def public_answer(
    api: HttpApi,
    cache_control: str,
    read: Callable[[], AnswerT],
    page: Callable[[AnswerT, Language], str],
    unknown_page: Callable[[Language], str],
) -> Response[AnswerT | str]:
    """`unknown_page` replaces the problem `not_found` for people."""
    for_a_person = "text/html" in (api.current_event.headers.get("accept") or "")
    headers = {"Cache-Control": cache_control, "Vary": "Accept"}
    try:
        answer = read()
    except NotFound:
        if not for_a_person:
            raise
        body = unknown_page(api.language)
        return Response(HTTPStatus.NOT_FOUND, HTML, body, headers | PAGE_HEADERS)
    if for_a_person:
        return Response(HTTPStatus.OK, HTML, page(answer, api.language), headers | PAGE_HEADERS)
    return Response(HTTPStatus.OK, "application/json", answer, headers)
