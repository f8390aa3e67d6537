"""A second system, a trial with the other gateway: bought, paid, stamped and refunded there."""

import time
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.applicant.client import wait_until
from tests.e2e.customer import Customer
from tests.e2e.passing_time import refund_ages, sweep
from tests.local.environment import Environment, local_environment


@pytest.fixture(scope="module")
def at_xendit(
    environment: Environment,
    environments: list[Environment],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Environment]:
    """A further system in the same AWS account."""
    with local_environment(
        stack_name="meterai-xendit",
        endpoint_url=environment.account.endpoint_url,
        gateway="xendit",
        profile="trial",
        logs=tmp_path_factory.mktemp("logs"),
        fire_schedules=False,
        redeliver_after_s=1,
    ) as running:
        environments.append(running)
        yield running


@pytest.mark.parametrize(
    ("method", "taken"), [("qris", "submitted"), ("virtual_account", "needs_account")]
)
def test_an_order_paid_at_xendit_is_stamped_and_its_rest_refunded(
    at_xendit: Environment, method: str, taken: str
) -> None:
    customer = Customer(at_xendit, f"{method}@pelamar.example")
    order = customer.paid_order(2, method=method)
    stamped = customer.stamped(order)
    assert stamped["download_url"] is not None

    refund = customer.applicant.refund(order["order_id"], 1)
    wait_until(lambda: customer.applicant.refund_status(refund["refund_id"]), taken)
    if taken == "submitted":  # Xendit reports the bank's confirmation only on request
        time.sleep(1.5)  # the bank takes a second
        refund_ages(at_xendit, refund, timedelta(minutes=11))
        sweep(at_xendit)
        assert customer.applicant.refund_status(refund["refund_id"])["state"] == "confirmed"
    ledger = customer.balance(order)
    assert (ledger["stamped"], ledger["captured_idr"]) == (1, 20_000)
    assert ledger["refunded_idr" if taken == "submitted" else "refunds_payable_idr"] == 10_000
