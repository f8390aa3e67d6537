"""GET /R/{token}: the state of a refund, for anybody who has its link; nothing says whose it is."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import RefundStatusAnswer
from meterai.container import container
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.responses import problems
from meterai.pages.public_answer import public_answer
from meterai.pages.public_pages import refund_page, unknown_refund_page
from meterai.steps.refund_status import refund_status

app = HttpApi()


@app.get(
    "/R/<token>",
    summary="Read a refund's public status",
    tags=["refunds"],
    responses=problems("unavailable", "not_found"),
)
def handle(token: str) -> Response[RefundStatusAnswer | str]:
    def read() -> RefundStatusAnswer:
        refund = refund_status(token, container)
        return RefundStatusAnswer.of(refund, container.now, app.language)

    return public_answer(app, "private, max-age=5", read, refund_page, unknown_refund_page)


handler = app.handler
