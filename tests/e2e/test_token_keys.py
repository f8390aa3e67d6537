"""Links live through a rotation of the keys that sign them."""

import json

from tests.e2e.customer import Customer
from tests.local.environment import Environment


def test_a_link_lives_through_a_rotation(environment: Environment, customer: Customer) -> None:
    order = customer.paid_order(1)
    refund = customer.applicant.refund(order["order_id"], 1)
    assert _status_of(environment, customer, refund["follow_url"]) == 200
    first = _rotated(environment)
    assert _rotated(environment) == first
    assert len(first) >= 2
    assert _status_of(environment, customer, refund["follow_url"]) == 200
    customer.settle()


def _rotated(environment: Environment) -> list[str]:
    outcome = environment.account.fire_schedule("RotateTokenKeyFunction")
    assert outcome.error_type is None, outcome.payload
    key_ids: list[str] = json.loads(outcome.payload)["key_ids"]
    return key_ids


def _status_of(environment: Environment, customer: Customer, link: str) -> int:
    return customer.applicant.open(environment.local_address(link)).status
