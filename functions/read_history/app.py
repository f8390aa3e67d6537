"""GET /v1/orders, GET /v1/stampings, GET /v1/refunds: one's own, newest first. A client that lost
its ids finds everything."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from meterai.api import OrderAnswer, OrderList, RefundAnswer, RefundList, StampingList
from meterai.api.history import CURSOR, StampingSummary, cursor_of, place_at
from meterai.container import container
from meterai.entrypoints.http import (
    Account,
    AnswerLanguage,
    HttpApi,
    cacheable_until_next_poll,
)
from meterai.entrypoints.responses import problems
from meterai.steps.read_history import (
    MAX_ORDERS_A_PAGE,
    read_orders,
    read_refunds,
    read_stampings,
)

app = HttpApi()
PROBLEMS = problems("unavailable", "invalid_request")

After = Annotated[
    str | None, Query(pattern=CURSOR, description="`next` of the page before; none: the first page")
]
Limit = Annotated[
    int, Query(ge=1, le=MAX_ORDERS_A_PAGE, description="Of how many orders a page shows what is in")
]


@app.get("/v1/orders", summary="List orders", tags=["orders"], responses=PROBLEMS)
def list_orders(
    account: Account,
    language: AnswerLanguage,
    after: After = None,
    limit: Limit = MAX_ORDERS_A_PAGE,
) -> Response[OrderList]:
    """The account's orders, newest first."""
    page, now = read_orders(account, place_at(after), limit, container), container.now
    orders = [
        OrderAnswer.of(order, now, language, container.refund_promises) for order in page.items
    ]
    return cacheable_until_next_poll(OrderList(orders=orders, next=cursor_of(page.after)), None)


@app.get("/v1/stampings", summary="List stampings", tags=["stampings"], responses=PROBLEMS)
def list_stampings(
    account: Account, after: After = None, limit: Limit = MAX_ORDERS_A_PAGE
) -> Response[StampingList]:
    """The account's stampings, those of the newest order first, with those that were voided."""
    page = read_stampings(account, place_at(after), limit, container)
    stampings = [StampingSummary.of(first) for first in page.items]
    answer = StampingList(stampings=stampings, next=cursor_of(page.after))
    return cacheable_until_next_poll(answer, None)


@app.get("/v1/refunds", summary="List refunds", tags=["refunds"], responses=PROBLEMS)
def list_refunds(
    account: Account,
    language: AnswerLanguage,
    after: After = None,
    limit: Limit = MAX_ORDERS_A_PAGE,
) -> Response[RefundList]:
    """The account's refunds, those of the newest order first."""
    page, now = read_refunds(account, place_at(after), limit, container), container.now
    refunds = [
        RefundAnswer.about(one, now, language, container.follow_url(one.refund_id))
        for one in page.items
    ]
    return cacheable_until_next_poll(RefundList(refunds=refunds, next=cursor_of(page.after)), None)


handler = app.handler
