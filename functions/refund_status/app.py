"""GET /R/{token}: the state of a refund, for anybody who has its link; nothing says whose it is."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundStatusAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.entrypoints.http import AnswerLanguage, HttpApi
from meterai.entrypoints.responses import problems
from meterai.pages.public_pages import PAGE_HEADERS, refund_page, unknown_refund_page
from meterai.steps.refund_status import refund_status

FRESH = {"Cache-Control": "private, max-age=5", "Vary": "Accept"}
HTML = "text/html; charset=utf-8"

app = HttpApi()


@app.get(
    "/R/<token>",
    summary="Read a refund's public status",
    tags=["refunds"],
    responses=problems("unavailable", "not_found"),
)
def handle(token: str, language: AnswerLanguage) -> Response[RefundStatusAnswer | str]:
    for_a_person = "text/html" in (app.current_event.headers.get("accept") or "")
    try:
        refund = refund_status(token, container)
    except NotFound:
        if not for_a_person:
            raise
        return Response(
            HTTPStatus.NOT_FOUND, HTML, unknown_refund_page(language), FRESH | PAGE_HEADERS
        )
    answer = RefundStatusAnswer.of(refund, container.now, language)
    if for_a_person:
        return Response(HTTPStatus.OK, HTML, refund_page(answer, language), FRESH | PAGE_HEADERS)
    return Response(HTTPStatus.OK, "application/json", answer, FRESH)


handler = app.handler
