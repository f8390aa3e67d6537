"""Requests that are wrong before their content is read: headers, sizes, addresses."""

import pytest

from tests.e2e.customer import Customer
from tests.e2e.refusal import Refusal, refusal

OUR_LIMIT_BYTES = 16_384
LAMBDAS_LIMIT_BYTES = 6 * 1024 * 1024
GATEWAYS_LIMIT_BYTES = 10 * 1024 * 1024


@pytest.mark.parametrize("key", [None, "kunci-é-kunci"])
def test_a_write_without_a_usable_idempotency_key_is_refused(
    customer: Customer, key: str | None
) -> None:
    answer = customer.applicant.ask(
        "POST", "/v1/orders", {"quantity": 1}, headers={"idempotency-key": key}
    )
    what = "missing" if key is None else "malformed"
    assert refusal(answer) == Refusal(400, f"idempotency_key_{what}")
    assert customer.applicant.ledger()["ledger"]["orders"] == []


def test_a_body_that_is_not_json_is_refused(customer: Customer) -> None:
    answer = customer.applicant.ask(
        "POST", "/v1/orders", b'{"quantity":1}', headers={"content-type": "multipart/form-data"}
    )
    assert refusal(answer) == Refusal(415, "unsupported_media_type")


@pytest.mark.parametrize("path", ["/v1/orders", "/v1/webhooks/midtrans"])
def test_a_body_over_our_limit_is_refused_by_us(customer: Customer, path: str) -> None:
    body = b'{"quantity":1}'.ljust(OUR_LIMIT_BYTES + 1)
    answer = customer.applicant.ask("POST", path, body)
    too_large = Refusal(413, "body_too_large", {"limit_bytes": OUR_LIMIT_BYTES})
    assert refusal(answer) == too_large
    assert customer.applicant.ledger()["ledger"]["orders"] == []


def test_a_body_at_our_limit_is_read(customer: Customer) -> None:
    body = b'{"quantity":1}'.ljust(OUR_LIMIT_BYTES)
    answer = customer.applicant.ask("POST", "/v1/orders", body)
    assert (answer.status, answer.json()["amount_idr"]) == (201, 10_000)


@pytest.mark.parametrize("size_bytes", [LAMBDAS_LIMIT_BYTES, GATEWAYS_LIMIT_BYTES + 1])
def test_a_body_over_the_platforms_limits_does_not_reach_us(
    customer: Customer, size_bytes: int
) -> None:
    answer = customer.applicant.ask("POST", "/v1/orders", b" " * size_bytes)
    assert (answer.status, answer.json()) == (413, {"message": "Request Entity Too Large"})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/documents"),
        ("DELETE", "/v1/orders/ord_AAAAAAAAAAAAAAAAAAAAAAAAAA"),
        ("GET", "/no-page"),
    ],
)
def test_an_unknown_address_is_not_found(customer: Customer, method: str, path: str) -> None:
    answer = customer.applicant.ask(method, path)
    assert (answer.status, answer.json()) == (404, {"message": "Not Found"})
