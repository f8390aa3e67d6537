"""GET /R/{token}: how far a refund is, for whoever has its link; nothing says whose it is."""

from http import HTTPStatus

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundStatusAnswer
from meterai.domain.errors import NotFound
from meterai.entry.http import HttpApi
from meterai.public_page import PAGE_HEADERS, refund_page, unknown_refund_page
from meterai.services import office
from meterai.steps.follow_refund import follow_refund

FRESH = {"Cache-Control": "private, max-age=5", "Vary": "Accept"}
HTML = "text/html; charset=utf-8"

app = HttpApi()


@app.get("/R/<token>", summary="Follow a refund", tags=["refunds"])
def handle(token: str) -> Response[RefundStatusAnswer | str]:
    for_a_person = "text/html" in (app.current_event.headers.get("accept") or "")
    try:
        refund = follow_refund(token, refunds=office.refunds, identities=office.identities)
    except NotFound:
        if not for_a_person:
            raise
        return Response(HTTPStatus.NOT_FOUND, HTML, unknown_refund_page(), FRESH | PAGE_HEADERS)
    answer = RefundStatusAnswer.of(refund, office.now)
    if for_a_person:
        return Response(HTTPStatus.OK, HTML, refund_page(answer), FRESH | PAGE_HEADERS)
    return Response(HTTPStatus.OK, "application/json", answer, FRESH)


handler = app.handler
