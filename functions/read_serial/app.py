"""GET /S/{serial}: the QR's address. Public, permanent, cacheable; for phones and for programs."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import SerialAnswer
from meterai.container import container
from meterai.entrypoints.http import HttpApi
from meterai.entrypoints.responses import problems
from meterai.pages.public_answer import public_answer
from meterai.pages.public_pages import genuine_page, unknown_page
from meterai.steps.read_serial import read_serial

app = HttpApi()


@app.get(
    "/S/<serial>",
    summary="What an e-meterai's QR says",
    tags=["verification"],
    responses=problems("unavailable", "not_found"),
)
def handle(serial: str) -> Response[SerialAnswer | str]:
    def read() -> SerialAnswer:
        return SerialAnswer.of(read_serial(serial, container))

    return public_answer(app, "public, max-age=60", read, genuine_page, unknown_page)


handler = app.handler
