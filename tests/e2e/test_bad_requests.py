"""Requests that cannot be met: the response says what is wrong, and nothing changes."""

from typing import Any

import pytest

from tests.applicant.client import Json
from tests.e2e.customer import BOX, Customer
from tests.e2e.refusal import Refusal, refusal

ORDERS, DOCUMENTS, STAMPINGS = "/v1/orders", "/v1/documents", "/v1/stampings"
UNKNOWN_ORDER = "ord_" + "A" * 26
MALFORMED = Refusal(400, "malformed_json")
NOT_FOUND = Refusal(404, "not_found")


def _invalid(field: str, message: str) -> Refusal:
    return Refusal(400, "invalid_request", {"errors": [{"field": field, "message": message}]})


def _quantity(quantity: int) -> Refusal:
    return Refusal(400, "quantity_out_of_range", {"max_quantity": 8, "quantity": quantity})


NOT_A_NUMBER = _invalid("quantity", "Input should be a valid integer")
NO_SUCH_METHOD = "Input should be 'qris' or 'virtual_account'"


@pytest.mark.parametrize(
    ("path", "body", "refused"),
    [
        (ORDERS, b"", MALFORMED),
        (ORDERS, b"{", MALFORMED),
        (ORDERS, b"[]", MALFORMED),
        (ORDERS, b'{"quantity":NaN}', MALFORMED),
        (ORDERS, b'{"quantity":1}{}', MALFORMED),
        (ORDERS, b"\xff\xfe", MALFORMED),
        (ORDERS, {}, _invalid("quantity", "Field required")),
        (ORDERS, {"quantity": "1"}, NOT_A_NUMBER),
        (ORDERS, {"quantity": 1.5}, NOT_A_NUMBER),
        (ORDERS, {"quantity": True}, NOT_A_NUMBER),
        (ORDERS, {"quantity": 0}, _quantity(0)),
        (ORDERS, {"quantity": 9}, _quantity(9)),
        (ORDERS, {"quantity": -1}, _quantity(-1)),
        (ORDERS, {"quantity": 1, "method": "cash"}, _invalid("method", NO_SUCH_METHOD)),
        (
            ORDERS,
            {"quantity": 1, "amount_idr": 1},
            _invalid("amount_idr", "Extra inputs are not permitted"),
        ),
        (
            DOCUMENTS,
            {"sha256": "0" * 64, "size_bytes": 20_000_001},
            Refusal(
                413, "document_too_large", {"size_bytes": 20_000_001, "limit_bytes": 20_000_000}
            ),
        ),
        (
            DOCUMENTS,
            {"sha256": "A" * 64, "size_bytes": 1},
            _invalid("sha256", "String should match pattern '^[0-9a-f]{64}$'"),
        ),
        (f"{ORDERS}/{UNKNOWN_ORDER}/refunds", {"quantity": 1}, NOT_FOUND),
        (f"{ORDERS}/no-order/refunds", {"quantity": 1}, NOT_FOUND),
    ],
)
def test_the_response_to_an_invalid_request_says_what_is_wrong(
    customer: Customer, path: str, body: Any, refused: Refusal
) -> None:
    assert refusal(customer.applicant.ask("POST", path, body)) == refused
    assert customer.applicant.ledger()["ledger"]["orders"] == []


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"order_id": UNKNOWN_ORDER}, NOT_FOUND),
        (
            {"portal": "unknown"},
            Refusal(400, "portal_unknown", {"portal": "unknown"}),
        ),
        (
            {"placements": []},
            _invalid("placements", "List should have at least 1 item after validation, not 0"),
        ),
        (
            {"placements": [{**BOX, "side_pt": 0}]},
            _invalid("placements.0.side_pt", "Input should be greater than or equal to 54"),
        ),
        (
            {"placements": [{**BOX, "width_pt": 90}]},
            _invalid("placements.0.width_pt", "Extra inputs are not permitted"),
        ),
        ({"reason": ""}, _invalid("reason", "String should have at least 1 character")),
    ],
)
def test_a_request_that_cannot_be_met_leaves_the_order_as_it_was(
    customer: Customer, changes: Json, refused: Refusal
) -> None:
    order = customer.applicant.buy(2)
    body = customer.stamping_body(order) | changes
    assert refusal(customer.applicant.ask("POST", STAMPINGS, body)) == refused
    assert customer.order(order) == order


def test_more_than_is_left_is_refused_and_nothing_of_it_is_taken(customer: Customer) -> None:
    order = customer.paid_order(2)
    body = customer.stamping_body(
        order, placements=[BOX, {**BOX, "y_pt": 300.0}, {**BOX, "y_pt": 400.0}]
    )
    stamping = customer.applicant.ask("POST", STAMPINGS, body)
    refund = customer.applicant.ask(
        "POST", f"{ORDERS}/{order['order_id']}/refunds", {"quantity": 3}
    )

    too_many = {"order_id": order["order_id"], "available": 2, "wanted": 3}
    assert refusal(stamping) == Refusal(409, "no_balance", too_many)
    assert refusal(refund) == Refusal(409, "no_balance", too_many)
    assert customer.order(order) == order


def test_the_same_document_again_must_be_allowed_explicitly(customer: Customer) -> None:
    order = customer.applicant.buy(2)
    customer.request(order)
    again = customer.applicant.ask("POST", STAMPINGS, customer.stamping_body(order))
    refused = Refusal(409, "document_already_stamped", {"order_id": order["order_id"]})
    assert refusal(again) == refused
    assert customer.applicant.request_stamping(customer.stamping_body(order, allow_duplicate=True))[
        "serials"
    ]
    assert customer.order(order)["available"] == 0


def test_an_unpaid_order_cannot_be_refunded(customer: Customer) -> None:
    order = customer.applicant.buy(1)
    answer = customer.applicant.ask(
        "POST", f"{ORDERS}/{order['order_id']}/refunds", {"quantity": 1}
    )
    unpaid = {"order_id": order["order_id"], "state": "pending"}
    assert refusal(answer) == Refusal(409, "order_not_paid", unpaid)
    assert customer.order(order) == order
