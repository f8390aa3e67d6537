"""Several requests at the same moment, at functions with several instances."""

import threading
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from tests.applicant.client import Page
from tests.e2e.customer import Customer, letter
from tests.e2e.refusal import Refusal, refusal

Done = TypeVar("Done")


def _at_once(*acts: Callable[[], Done]) -> list[Done]:
    start = threading.Barrier(len(acts))

    def act_at_the_start(act: Callable[[], Done]) -> Done:
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(act_at_the_start, acts))


def test_fifty_identical_purchases_are_one_order_and_one_charge(customer: Customer) -> None:
    key = uuid.uuid4().hex
    answers = _at_once(
        *[lambda: customer.applicant.ask("POST", "/v1/orders", {"quantity": 3}, key=key)] * 50
    )
    order = customer.applicant.buy(3, key=key)

    assert [answer.json() for answer in answers if answer.status != 201] == []
    # A request that arrives while the charge is made gets the order, and when to ask how to pay it.
    later = ("pay", "retry_at", "message")
    for answer in (answer.json() for answer in answers):
        if answer["pay"] is None:
            assert answer["retry_at"] is not None
            answer |= {name: order[name] for name in later}
        assert answer == order
    assert order["pay"]["qr_text"]
    assert [one["order_id"] for one in customer.applicant.ledger()["ledger"]["orders"]] == [
        order["order_id"]
    ]
    charges = [
        charge.order_id
        for charge in customer.environment.gateway.ledger.latest(100)
        if charge.order_id.startswith(order["order_id"])
    ]
    assert charges == [f"{order['order_id']}-1"]


def test_of_two_stampings_for_the_last_e_meterai_one_is_refused(
    customer: Customer,
) -> None:
    documents = [customer.applicant.upload(letter(number)) for number in (1, 2)]
    for _ in range(3):
        order = customer.applicant.buy(1)

        def asking(document: str, order: dict[str, object] = order) -> Callable[[], Page]:
            body = customer.stamping_body(order, document=document)
            return lambda: customer.applicant.ask("POST", "/v1/stampings", body)

        answers = _at_once(*(asking(document) for document in documents))

        [served] = [answer.json() for answer in answers if answer.status == 202]
        [refused] = [refusal(answer) for answer in answers if answer.status != 202]
        no_balance = {"order_id": order["order_id"], "available": 0, "wanted": 1}
        assert refused == Refusal(409, "no_balance", no_balance)
        assert customer.order(order)["stampings"] == [served["stamping_id"]]


def test_ten_identical_requests_to_stamp_take_one_e_meterai(customer: Customer) -> None:
    order, key = customer.paid_order(8), uuid.uuid4().hex
    body = customer.stamping_body(order)
    answers = _at_once(
        *[lambda: customer.applicant.ask("POST", "/v1/stampings", body, key=key)] * 10
    )
    customer.settle()

    assert {answer.status for answer in answers} == {202}
    [stamping_id] = {answer.json()["stamping_id"] for answer in answers}
    after = customer.order(order)
    assert (after["available"], after["stampings"]) == (7, [stamping_id])
    assert customer.balance(order)["stamped"] == 1


def test_the_last_e_meterai_is_stamped_or_refunded_and_never_both(customer: Customer) -> None:
    order = customer.paid_order(1)
    body = customer.stamping_body(order)
    stamping, refund = _at_once(
        lambda: customer.applicant.ask("POST", "/v1/stampings", body),
        lambda: customer.applicant.ask(
            "POST", f"/v1/orders/{order['order_id']}/refunds", {"quantity": 1}
        ),
    )
    customer.settle()

    # A refund may void a reserved e-meterai; then the stamping was accepted first, and is void.
    assert {stamping.status, refund.status} <= {202, 409}
    ledger = customer.balance(order)
    given_back = ledger["refunding"] + ledger["refunded"]
    assert (ledger["stamped"], given_back) == ((0, 1) if refund.status == 202 else (1, 0))
