"""Links and tickets live through a rotation of their keys, and those from before keys had names are
read."""

import json

from meterai.domain.id_derivation import IdDeriver
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


def test_what_the_secret_of_the_ids_had_signed_is_read(
    environment: Environment, customer: Customer
) -> None:
    account = environment.account
    secret = account.client("secretsmanager").get_secret_value(
        SecretId=account.physical("IdentitySecret")
    )
    deriver = IdDeriver(secret["SecretString"].encode())
    order = customer.paid_order(1)
    refund_id = customer.applicant.refund(order["order_id"], 1)["refund_id"]
    shown = refund_id.removeprefix("rfd_")
    link = f"https://x/R/{shown}{deriver.signature('follow a refund', shown)}"
    assert _status_of(environment, customer, link) == 200
    assert _status_of(environment, customer, link[:-1]) == 404
    issued = "1795485540000"
    mark = deriver.signature("a place in the waiting room", customer.subject, issued)
    for signature, status in ((mark, 200), ("A" * 26, 404)):
        path = f"/v1/waiting-room/tickets/{issued}.{signature}"
        assert customer.applicant.ask("GET", path).status == status
    customer.settle()


def _rotated(environment: Environment) -> list[str]:
    outcome = environment.account.fire_schedule("RotateTokenKeyFunction")
    assert outcome.error_type is None, outcome.payload
    key_ids: list[str] = json.loads(outcome.payload)["key_ids"]
    return key_ids


def _status_of(environment: Environment, customer: Customer, link: str) -> int:
    return customer.applicant.open(environment.local_address(link)).status
