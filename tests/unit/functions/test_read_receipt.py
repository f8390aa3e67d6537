"""GET /v1/stampings/{stamping_id}/receipt: the receipt that the request was answered with."""

from tests.unit.functions.function_app import FunctionApp, sample
from tests.unit.functions.receipts import accepted
from tests.unit.functions.story import before


def test_it_can_be_read_again_after_the_phone_was_lost(memory_app: FunctionApp) -> None:
    receipt = accepted(memory_app)
    answer = memory_app.request(sample("read_receipt"))
    assert (answer.status, answer.json) == (200, {"receipt": receipt})


def test_a_retry_of_the_request_has_the_same_receipt(memory_app: FunctionApp) -> None:
    receipt = accepted(memory_app)
    assert memory_app.request(sample("request_stamping")).json["receipt"] == receipt


def test_missing_keys_delay_no_stamping(memory_app: FunctionApp) -> None:
    before(memory_app, "request_stamping")
    answer = memory_app.request(sample("request_stamping"))
    assert (answer.status, answer.json["receipt"]) == (202, None)
    assert memory_app.request(sample("read_receipt")).status == 503


def test_the_stamping_of_another_account_has_no_receipt(memory_app: FunctionApp) -> None:
    accepted(memory_app)
    event = sample("read_receipt")
    event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"] = "somebody else"
    assert memory_app.request(event).status == 404
