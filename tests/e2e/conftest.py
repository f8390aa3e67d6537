"""One system for the folder; each test is a new customer."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.customer import Customer
from tests.local.environment import Environment, local_environment
from tests.portal.inbox import PortalInbox

NewCustomer = Callable[[], Customer]

INSTANCES = {  # more than one where a test needs two at work at once
    "CheckPagesFunction": 2,
    "ConfirmPaymentFunction": 2,
    "PreviewFunction": 2,
    "PurchaseFunction": 2,
    "RequestStampingFunction": 2,
    "StampFunction": 2,
}
UNRESERVED = 2  # what is left for the functions that reserve no concurrency


@pytest.fixture(scope="package")
def environments() -> list[Environment]:
    """Every environment that ran here, to check its calls of AWS afterwards."""
    return []


@pytest.fixture(scope="package")
def environment(
    tmp_path_factory: pytest.TempPathFactory, environments: list[Environment]
) -> Iterator[Environment]:
    """For all tests of the folder, because moto's state is global in a process.

    Schedules are fired by the tests. A message that failed is delivered again after a second, not
    after six minutes.
    """
    with local_environment(
        logs=tmp_path_factory.mktemp("logs"),
        instances=INSTANCES,
        unreserved=UNRESERVED,
        fire_schedules=False,
        redeliver_after_s=1,
        more_parameters={"LoadSnapshotRunS": "0", "StampedFilesLockDays": "1"},
    ) as running:
        environments.append(running)
        yield running


@pytest.fixture(scope="package")
def customers() -> list[Customer]:
    """All customers, to check afterwards what is stored about them."""
    return []


@pytest.fixture(scope="package")
def new_customer(environment: Environment, customers: list[Customer]) -> NewCustomer:
    def create() -> Customer:
        customer = Customer(environment, f"{uuid.uuid4().hex[:12]}@pelamar.example")
        customers.append(customer)
        return customer

    return create


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    return new_customer()


@pytest.fixture(scope="package")
def inbox(environment: Environment) -> PortalInbox:
    """The portal's queue. Its reader finds files of earlier tests, and skips them."""
    return environment.portal_inbox()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Logs and calls of AWS are checked last, when all tests have run."""
    last = ["test_logs.py", "test_least_privilege.py", "test_no_scans.py"]
    here = Path(__file__).parent
    items.sort(
        key=lambda i: last.index(i.path.name) + 1 if i.path in {here / n for n in last} else 0
    )
