"""GET /v1/orders/{order_id}: an order, what is left in it, and how to pay it."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import OrderAnswer
from meterai.container import container
from meterai.domain.errors import NotFound
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    OrderInPath,
    until_asked_again,
)

app = HttpApi()


@app.get("/v1/orders/<order_id>", summary="Read an order", tags=["orders"])
def handle(
    order_id: OrderInPath, account: Account, language: AnswerLanguage
) -> Response[OrderAnswer]:
    container.poll_limiter.check((account, order_id), container.now)
    order = container.orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    answer = OrderAnswer.of(
        order, container.now, language, container.queue_position(Lane.PAYMENTS, container.now)
    )
    container.poll_limiter.record((account, order_id), answer.poll_after_ms, container.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
