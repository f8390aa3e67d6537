"""One system for the folder; each test is a customer that nobody has seen before."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.e2e.customer import Customer
from tests.local.environment import Environment, local_environment
from tests.portal.inbox import PortalInbox

NewCustomer = Callable[[], Customer]

INSTANCES = {  # more than one where a test has two at work at once
    "ConfirmPaymentFunction": 2,
    "PurchaseFunction": 2,
    "RequestStampingFunction": 2,
    "StampFunction": 2,
}


@pytest.fixture(scope="package")
def environments() -> list[Environment]:
    """Every environment that ran here, to check afterwards what they did at AWS."""
    return []


@pytest.fixture(scope="package")
def place(
    tmp_path_factory: pytest.TempPathFactory, environments: list[Environment]
) -> Iterator[Environment]:
    """Until the folder's last test: moto, which is AWS here, is there once in a process.

    Schedules are fired by hand. A message that failed comes back after a second, not after six
    minutes.
    """
    with local_environment(
        logs=tmp_path_factory.mktemp("logs"),
        instances=INSTANCES,
        fire_schedules=False,
        redeliver_after_s=1,
        more_parameters={"LoadSnapshotRunS": "0"},
    ) as running:
        environments.append(running)
        yield running


@pytest.fixture(scope="package")
def customers() -> list[Customer]:
    """Everybody who came, to check afterwards what is stored about them."""
    return []


@pytest.fixture(scope="package")
def new_customer(place: Environment, customers: list[Customer]) -> NewCustomer:
    def arrive() -> Customer:
        customer = Customer(place, f"{uuid.uuid4().hex[:12]}@pelamar.example")
        customers.append(customer)
        return customer

    return arrive


@pytest.fixture
def customer(new_customer: NewCustomer) -> Customer:
    return new_customer()


@pytest.fixture(scope="package")
def inbox(place: Environment) -> PortalInbox:
    """The portal's queue. Who reads it finds the files of tests before, and passes over them."""
    return place.portal_inbox()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What the logs hold, and what was asked of AWS, is judged last, when all has been."""
    last = ["test_logs.py", "test_least_privilege.py", "test_no_scans.py"]
    here = Path(__file__).parent
    items.sort(
        key=lambda i: last.index(i.path.name) + 1 if i.path in {here / n for n in last} else 0
    )
