"""Lists of one's own orders, stampings and refunds."""

from urllib.parse import urlencode

import pytest

from meterai.api.history import cursor_of, place_at
from meterai.domain.orders.orders import OrderPlace
from tests.unit.functions.function_app import Event, FunctionApp, sample
from tests.unit.functions.story import ORDER, REFUND, SERIAL, before
from tests.unit.functions.test_problems import assert_problem

LISTS = {
    "read_history": "orders",
    "read_history.stampings": "stampings",
    "read_history.refunds": "refunds",
}


def asking(name: str, **query: str) -> Event:
    return sample(name) | {"rawQueryString": urlencode(query), "queryStringParameters": query}


def test_a_client_that_lost_its_ids_finds_everything(memory_app: FunctionApp) -> None:
    before(memory_app, "read_history")
    found = {what: memory_app.request(sample(name)).json for name, what in LISTS.items()}
    (order,), (stamping,), (refund,) = (found[what][what] for what in LISTS.values())
    assert order == memory_app.request(sample("read_order")).json
    assert (order["order_id"], order["stampings"]) == (ORDER, [SERIAL])
    whole = memory_app.request(sample("read_stamping")).json
    assert stamping == {name: whole.get(name, "Surat pernyataan 5 poin") for name in stamping}
    assert (refund["refund_id"], refund["order_id"]) == (REFUND, ORDER)
    assert {answer["next"] for answer in found.values()} == {None}


@pytest.mark.parametrize("name", LISTS)
def test_pages_are_followed_by_their_cursor(memory_app: FunctionApp, name: str) -> None:
    before(memory_app, "read_history")
    event = sample("purchase")
    event["headers"]["idempotency-key"] = "another-order"
    memory_app.request(event)
    first = memory_app.request(asking(name, limit="1")).json
    second = memory_app.request(asking(name, limit="1", after=first["next"])).json
    third = memory_app.request(asking(name, limit="1", after=second["next"])).json
    what = LISTS[name]
    found = [len(page[what]) for page in (first, second, third)]
    assert found == ([1, 1, 0] if what == "orders" else [0, 1, 0])
    assert third["next"] is None


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"after": "yesterday"}, "after"),
        ({"limit": "0"}, "limit"),
        ({"limit": "21"}, "limit"),
        ({"limit": "two"}, "limit"),
    ],
)
def test_a_wrong_cursor_or_limit_is_named(
    memory_app: FunctionApp, name: str, query: dict[str, str], field: str
) -> None:
    answer = memory_app.request(asking(name, **query))
    assert_problem(answer, 400, "invalid_request")
    assert [one["field"] for one in answer.json["errors"]] == [field]


def test_a_cursor_that_is_none_is_refused(memory_app: FunctionApp) -> None:
    answer = memory_app.request(sample("read_history.bad_cursor"))
    assert_problem(answer, 400, "invalid_request")


@pytest.mark.parametrize("name", LISTS)
def test_another_account_sees_nothing_even_with_this_ones_cursor(
    memory_app: FunctionApp, name: str
) -> None:
    before(memory_app, "read_history")
    (order,) = memory_app.state.orders.values()
    cursor = cursor_of(OrderPlace(order.created_at.replace(year=2027), order.order_id))
    event = asking(name, after=str(cursor))
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "somebody else"
    assert memory_app.request(event).json == {LISTS[name]: [], "next": None}


def test_a_cursor_is_the_place_of_an_order(memory_app: FunctionApp) -> None:
    before(memory_app, "read_history")
    (order,) = memory_app.state.orders.values()
    assert place_at(cursor_of(order.place)) == order.place
    assert (place_at(None), cursor_of(None)) == (None, None)
