"""Buying is closed by an operator's switch, or because no certificate can sign; nobody deploys."""

import time

from meterai.aws.keys.signing import MIN_RENEW_S
from meterai.aws.load.load_metrics import MAX_AGE_S
from meterai.aws.storage.audit_trail import S3AuditTrail
from meterai_cli.buying import turn
from meterai_cli.caller import caller
from tests.applicant.client import ProblemError
from tests.e2e.conftest import NewCustomer
from tests.e2e.customer import Customer
from tests.local.environment import Environment
from tests.local.signing_setup import SIGNING_MANIFEST_OBJECT


def turn_buying(environment: Environment, state: str) -> None:
    account = environment.account
    table = account.outputs["LoadStatusTableName"]
    trail = S3AuditTrail(account.client("s3"), account.outputs["DocumentsBucketName"])
    operator = caller(account.client("sts"))
    is_off = state == "off"
    turn(account.client("dynamodb"), table, operator, trail, off=is_off, reason="a test")


def refusal(customer: Customer) -> str | None:
    """Of a purchase, once every instance has a snapshot of now."""
    customer.environment.account.fire_schedule("PublishLoadSnapshotFunction")
    time.sleep(MAX_AGE_S)
    try:
        customer.applicant.post("/v1/orders", {"quantity": 1})
    except ProblemError as problem:
        return problem.code
    return None


def until_it_is(expected: str | None, new_customer: NewCustomer) -> None:
    """The manifest is read again after ten seconds. Each attempt is somebody else's, since an
    account may have few unpaid orders."""
    until = time.monotonic() + 2 * MIN_RENEW_S
    while (found := refusal(new_customer())) != expected:
        assert time.monotonic() < until, found


def test_an_operator_stops_buying_and_what_is_paid_is_stamped(
    environment: Environment, customer: Customer
) -> None:
    order = customer.paid_order(1)
    turn_buying(environment, "off")
    try:
        assert refusal(customer) == "buying_closed"
        assert customer.stamped(order)["download_url"]
    finally:
        turn_buying(environment, "on")
    assert refusal(customer) is None


def test_without_a_signing_identity_nothing_is_sold_until_one_is_installed(
    environment: Environment, new_customer: NewCustomer
) -> None:
    bucket = environment.account.outputs["DocumentsBucketName"]
    place = {"Bucket": bucket, "Key": SIGNING_MANIFEST_OBJECT}
    s3 = environment.account.client("s3")
    manifest = s3.get_object(**place)["Body"].read()
    s3.delete_object(**place)
    try:
        until_it_is("buying_closed", new_customer)
    finally:
        s3.put_object(**place, Body=manifest)
    until_it_is(None, new_customer)
