"""GET /S/{serial}: the QR's address. Public, permanent, cacheable; for phones and for programs."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.api import SerialAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.entrypoints.http import (
    AnswerLanguage,
    HttpApi,
)
from meterai.entrypoints.responses import problems
from meterai.pages.public_pages import PAGE_HEADERS, genuine_page, unknown_page
from meterai.steps.read_serial import read_serial

CACHED = {"Cache-Control": "public, max-age=60", "Vary": "Accept"}
HTML = "text/html; charset=utf-8"

app = HttpApi()


@app.get(
    "/S/<serial>",
    summary="What an e-meterai's QR says",
    tags=["verification"],
    responses=problems("unavailable", "not_found"),
)
def handle(serial: str, language: AnswerLanguage) -> Response[SerialAnswer | str]:
    for_a_person = "text/html" in (app.current_event.headers.get("accept") or "")
    try:
        emeterai = read_serial(serial, container)
    except NotFound:
        if not for_a_person:
            raise
        return Response(HTTPStatus.NOT_FOUND, HTML, unknown_page(language), CACHED | PAGE_HEADERS)
    answer = SerialAnswer.of(emeterai)
    if for_a_person:
        return Response(HTTPStatus.OK, HTML, genuine_page(answer, language), CACHED | PAGE_HEADERS)
    return Response(HTTPStatus.OK, "application/json", answer, CACHED)


handler = app.handler
