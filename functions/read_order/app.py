"""GET /v1/orders/{order_id}: an order, what is left in it, and how to pay it."""

from aws_lambda_powertools.event_handler import Response

from meterai.api import OrderAnswer
from meterai.domain.errors import NotFound
from meterai.domain.flow import Lane
from meterai.entry.http import Account, HttpApi, OrderInPath, until_asked_again
from meterai.services import office

app = HttpApi()


@app.get("/v1/orders/<order_id>", summary="Read an order", tags=["orders"])
def handle(order_id: OrderInPath, account: Account) -> Response[OrderAnswer]:
    office.patience.ask((account, order_id), office.now)
    order = office.orders.get(order_id)
    if order is None or order.account != account:
        raise NotFound
    answer = OrderAnswer.of(order, office.now, office.standing(Lane.PAYMENTS, office.now))
    office.patience.tell((account, order_id), answer.poll_after_ms, office.now)
    return until_asked_again(answer, answer.poll_after_ms)


handler = app.handler
