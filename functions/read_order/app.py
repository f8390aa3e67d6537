"""GET /v1/orders/{order_id}: an order, what is left in it, and how to pay it."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import OrderAnswer
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    OrderInPath,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.queue_positions import payment_position
from meterai.steps.read_order import read_order

app = HttpApi()


@app.get(
    "/v1/orders/<order_id>",
    summary="Read an order",
    tags=["orders"],
    responses=problems("unavailable", "not_found", "too_many_requests"),
)
def handle(
    order_id: OrderInPath, account: Account, language: AnswerLanguage
) -> Response[OrderAnswer]:
    container.poll_limiter.check((account, order_id), container.now)
    order, now = read_order(account, order_id, container), container.now
    answer = OrderAnswer.of(
        order, now, language, container.refund_promises, payment_position(container, now)
    )
    container.poll_limiter.record((account, order_id), answer.poll_after_ms, now)
    return cacheable_until_next_poll(answer, answer.poll_after_ms)


handler = app.handler
