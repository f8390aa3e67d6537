"""Documents and places that cannot take a stamp are refused, and the order is unchanged."""

import hashlib
from collections.abc import Iterator

import pytest

from tests.applicant.client import Json
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import BOX, Customer, letter
from tests.e2e.lane import deliver, losing
from tests.e2e.refusal import Refusal, refusal
from tests.fixtures.documents.refused import REFUSED
from tests.local.environment import Environment

OFF_THE_PAGE = Refusal(
    422, "box_off_page", {"page": 1, "page_width_pt": 595, "page_height_pt": 842}
)


def _no_page(page: int) -> Refusal:
    return Refusal(422, "page_out_of_range", {"page": page, "page_count": 1})


@pytest.fixture(scope="module")
def buyer(new_customer: NewCustomer) -> Customer:
    """One for the module, because no test here may change anything."""
    return new_customer()


@pytest.fixture(scope="module")
def paid(buyer: Customer) -> Json:
    return buyer.paid_order(2)


@pytest.fixture
def order(buyer: Customer, paid: Json) -> Iterator[Json]:
    """Paid, and unchanged after the test."""
    yield paid
    assert buyer.order(paid) == paid


def test_a_document_that_cannot_be_stamped_is_refused_at_the_request(
    buyer: Customer, order: Json
) -> None:
    """Each refusal by itself: tests/integration/pdf/test_refusals.py."""
    made, _ = REFUSED["field lock"]
    body = buyer.stamping_body(order, document=buyer.applicant.upload(made()))
    answer = refusal(buyer.applicant.ask("POST", "/v1/stampings", body))
    assert (answer.status, answer.code) == (422, "document_locked")


def test_a_place_that_is_not_on_the_page_is_refused(buyer: Customer, order: Json) -> None:
    body = buyer.stamping_body(order, placements=[BOX | {"x_pt": 520.0}])
    assert refusal(buyer.applicant.ask("POST", "/v1/stampings", body)) == OFF_THE_PAGE


def test_one_bad_place_among_good_ones_refuses_them_all(buyer: Customer, order: Json) -> None:
    body = buyer.stamping_body(order, placements=[BOX, BOX | {"page": 7}])
    assert refusal(buyer.applicant.ask("POST", "/v1/stampings", body)) == _no_page(7)


def test_an_upload_with_other_bytes_than_announced_is_refused(buyer: Customer, order: Json) -> None:
    """S3 itself refuses them by their checksum. What came there in another way, the system does."""
    announced, sent = letter(71), letter(72)
    document = hashlib.sha256(announced).hexdigest()
    offer = buyer.applicant.offer(document, len(announced))
    stored = buyer.applicant.put(offer, sent)
    assert (stored.status, b"BadDigest" in stored.content) == (400, True)
    account = buyer.environment.account
    bucket = account.outputs["DocumentsBucketName"]
    account.client("s3").put_object(Bucket=bucket, Key=offer["fields"]["key"], Body=sent)

    stamping = buyer.applicant.ask(
        "POST", "/v1/stampings", buyer.stamping_body(order, document=document)
    )
    verdict = buyer.applicant.ask("POST", "/v1/verifications", {"document": document})

    differs = Refusal(422, "document_hash_mismatch", {"document": document})
    assert (refusal(stamping), refusal(verdict)) == (differs, differs)


def test_a_document_that_was_announced_and_never_uploaded_is_missing(
    buyer: Customer, order: Json
) -> None:
    document = hashlib.sha256(b"never uploaded").hexdigest()
    buyer.applicant.offer(document, 14)
    body = buyer.stamping_body(order, document=document)
    request = {"document": document, "placements": body["placements"]}
    answers = [
        buyer.applicant.ask("POST", "/v1/stampings", body),
        buyer.applicant.ask("POST", "/v1/previews", request),
        buyer.applicant.ask("POST", "/v1/preflights", request),
        buyer.applicant.ask("POST", "/v1/verifications", {"document": document}),
    ]
    missing = Refusal(409, "document_missing", {"document": document})
    assert [refusal(answer) for answer in answers] == [missing] * len(answers)


def test_a_document_deleted_before_its_turn_frees_its_emeterai(
    customer: Customer,
) -> None:
    order, document = customer.paid_order(), customer.applicant.upload(letter(73))
    with losing(customer.environment, "StampingQueue"):
        requested = customer.request(order, document=document)
    _delete(customer.environment, document)
    deliver(customer.environment, "StampingQueue", {"serials": requested["serials"]})

    void = customer.applicant.stamping(requested["stamping_id"])
    assert (void["state"], void["void_reason"]) == ("void", "document_refused")
    assert customer.order(order)["available"] == 1


def _delete(environment: Environment, document: str) -> None:
    s3, bucket = environment.account.client("s3"), environment.account.physical("DocumentsBucket")
    stored = s3.list_objects_v2(Bucket=bucket, Prefix="documents/")["Contents"]
    [key] = [one["Key"] for one in stored if one["Key"].endswith(document)]
    s3.delete_object(Bucket=bucket, Key=key)
