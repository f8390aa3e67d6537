"""AWS errors: retried where that helps; else `Unavailable`, or the project's own mistake."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from meterai.aws.orders.orders import DynamoOrders
from meterai.aws.orders.serial_items import serial_item
from meterai.aws.orders.serials import DynamoSerials
from meterai.aws.storage.documents import S3Documents
from meterai.domain.errors import Unavailable
from meterai.ports import OrderMoved, Reserved
from tests.contract.backends import MAX_BYTES, Clients, pseudonym
from tests.contract.endpoints import clients_at
from tests.contract.factories import NOW, OUTPUT, a_payment, a_stamping, an_order

ORDER = an_order()
TWO = a_stamping(ORDER, 0, 1)
CONFLICT = {"Code": "TransactionConflict"}
NONE = {"Code": "None"}
FAILED = {"Code": "ConditionalCheckFailed"}


@pytest.fixture(scope="module")
def clients() -> Clients:
    """No request is sent: a stub gives every answer."""
    return clients_at("http://127.0.0.1:9")


@pytest.fixture
def dynamodb(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setattr("meterai.aws.errors.sleep", lambda _: None)
    with Stubber(clients.dynamodb) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def s3(clients: Clients, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stubber]:
    monkeypatch.setattr("meterai.aws.errors.sleep", lambda _: None)
    with Stubber(clients.s3) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def orders(clients: Clients) -> DynamoOrders:
    return DynamoOrders(clients.dynamodb, "orders")


@pytest.fixture
def serials(clients: Clients) -> DynamoSerials:
    return DynamoSerials(clients.dynamodb, "serials", "orders", "refunds")


@pytest.fixture
def documents(clients: Clients) -> S3Documents:
    return S3Documents(clients.s3, "documents", pseudonym, lambda: NOW, MAX_BYTES)


def cancel(stubber: Stubber, *reasons: dict[str, Any]) -> None:
    stubber.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        http_status_code=400,
        modeled_fields={"CancellationReasons": list(reasons)},
    )


def test_a_write_that_conflicts_with_a_transaction_is_retried(
    dynamodb: Stubber, orders: DynamoOrders
) -> None:
    for _ in range(5):
        dynamodb.add_client_error("put_item", "TransactionConflictException")
    dynamodb.add_response("put_item", {})
    assert orders.put_new(ORDER) == ORDER


def test_a_transaction_that_conflicts_with_another_is_retried(
    dynamodb: Stubber, serials: DynamoSerials
) -> None:
    for _ in range(5):
        cancel(dynamodb, CONFLICT, NONE, NONE)
    dynamodb.add_response("transact_write_items", {})
    assert serials.reserve(ORDER, TWO) == Reserved(TWO)


def test_conflicts_without_end_are_unavailable_and_never_a_refusal(
    dynamodb: Stubber, serials: DynamoSerials
) -> None:
    for _ in range(6):
        cancel(dynamodb, CONFLICT, NONE, NONE)
    with pytest.raises(Unavailable):
        serials.reserve(ORDER, TWO)
    for _ in range(6):
        dynamodb.add_client_error("update_item", "TransactionConflictException")
    with pytest.raises(Unavailable):
        serials.finish(TWO[:1], OUTPUT, NOW)


def test_a_refusal_together_with_a_conflict_is_a_refusal(
    dynamodb: Stubber, serials: DynamoSerials
) -> None:
    cancel(dynamodb, FAILED, CONFLICT, NONE)
    dynamodb.add_response("get_item", {})
    assert serials.reserve(ORDER, TWO) == OrderMoved()


def test_a_serial_that_aws_did_not_name_is_read(dynamodb: Stubber, serials: DynamoSerials) -> None:
    """When our own first try succeeded unseen, AWS may name only the order."""
    cancel(dynamodb, FAILED, NONE, NONE)
    dynamodb.add_response("get_item", {"Item": serial_item(TWO[0])})
    assert serials.reserve(ORDER, TWO) == Reserved(TWO[:1])


@pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
def test_a_throttled_transaction_is_retried(
    code: str, dynamodb: Stubber, serials: DynamoSerials
) -> None:
    cancel(dynamodb, NONE, {"Code": code}, CONFLICT)
    dynamodb.add_response("transact_write_items", {})
    assert serials.reserve(ORDER, TWO) == Reserved(TWO)


def test_an_invalid_transaction_is_raised_as_aws_reports_it(
    dynamodb: Stubber, serials: DynamoSerials
) -> None:
    cancel(dynamodb, NONE, {"Code": "ValidationError"}, CONFLICT)
    with pytest.raises(ClientError):
        serials.reserve(ORDER, TWO)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ProvisionedThroughputExceededException", 400),
        ("RequestLimitExceeded", 400),
        ("ThrottlingException", 400),
        ("InternalServerError", 500),
        ("ServiceUnavailable", 503),
    ],
)
def test_a_transient_error_is_unavailable(
    code: str, status: int, dynamodb: Stubber, orders: DynamoOrders
) -> None:
    dynamodb.add_client_error("update_item", code, http_status_code=status)
    with pytest.raises(Unavailable) as unavailable:
        orders.mark_paid(ORDER, a_payment(ORDER))
    assert unavailable.value.values == {"party": "dynamodb", "reason": code}


@pytest.mark.parametrize("code", ["AccessDeniedException", "ResourceNotFoundException"])
def test_an_error_of_permissions_or_names_is_not_hidden(
    code: str, dynamodb: Stubber, orders: DynamoOrders
) -> None:
    dynamodb.add_client_error("get_item", code, http_status_code=400)
    with pytest.raises(ClientError):
        orders.get(ORDER.order_id)


def test_unprocessed_keys_are_requested_again(dynamodb: Stubber, serials: DynamoSerials) -> None:
    first, second = (serial_item(one) for one in TWO)
    undone = {"serials": {"Keys": [{"serial": second["serial"]}]}}
    dynamodb.add_response(
        "batch_get_item", {"Responses": {"serials": [first]}, "UnprocessedKeys": undone}
    )
    dynamodb.add_response("batch_get_item", {"Responses": {"serials": [second]}})
    assert serials.get_many([one.serial for one in TWO]) == TWO
    for _ in range(5):
        dynamodb.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": undone})
    with pytest.raises(Unavailable):
        serials.get_many([one.serial for one in TWO])


def test_a_conditional_put_that_conflicts_with_another_is_retried(
    s3: Stubber, documents: S3Documents
) -> None:
    s3.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    s3.add_client_error("put_object", "PreconditionFailed", http_status_code=412)
    head = {"Metadata": {"sha256": OUTPUT.sha256}, "ContentLength": OUTPUT.size_bytes}
    s3.add_response("head_object", head)
    assert documents.put_stamped(TWO, b"%PDF-1.7") == OUTPUT


def test_conditional_puts_that_conflict_without_end_are_unavailable(
    s3: Stubber, documents: S3Documents
) -> None:
    for _ in range(5):
        s3.add_client_error("put_object", "ConditionalRequestConflict", http_status_code=409)
    with pytest.raises(Unavailable):
        documents.put_stamped(TWO, b"%PDF-1.7")


def test_an_interrupted_download_is_unavailable(s3: Stubber, documents: S3Documents) -> None:
    body = StreamingBody(BytesIO(b"%PDF"), 8)
    s3.add_response("get_object", {"Body": body, "ContentLength": 8})
    with pytest.raises(Unavailable):
        documents.get("account", OUTPUT.sha256)


def test_a_file_without_permission_to_read_is_not_reported_missing(
    s3: Stubber, documents: S3Documents
) -> None:
    """Otherwise a mistake in the role would void stampings."""
    s3.add_client_error("head_object", "403", http_status_code=403)
    with pytest.raises(ClientError):
        documents.stamped_output(TWO[0])
    s3.add_client_error("get_object", "AccessDenied", http_status_code=403)
    with pytest.raises(ClientError):
        documents.get("account", OUTPUT.sha256)
