"""The places in which the contract is held to."""

from collections.abc import Iterator

import pytest

from tests.contract.endpoints import clients_at, forget_all_in_moto, moto_running
from tests.contract.ministack import INSTALL_MINISTACK, interpreter, running
from tests.contract.places import AwsPlace, Clients, MemoryPlace, Place

THREADS = 50


@pytest.fixture(scope="session")
def moto() -> Iterator[Clients]:
    with moto_running() as clients:
        yield clients


@pytest.fixture(scope="session")
def ministack() -> Iterator[Clients]:
    python = interpreter()
    if python is None:
        pytest.skip(INSTALL_MINISTACK)
    with running(python) as address:
        yield clients_at(address, threads=THREADS)


@pytest.fixture
def moto_place(moto: Clients) -> AwsPlace:
    forget_all_in_moto()
    return AwsPlace(moto)


@pytest.fixture
def ministack_place(ministack: Clients) -> AwsPlace:
    return AwsPlace(ministack)


@pytest.fixture(params=["memory", "moto", "ministack"])
def place(request: pytest.FixtureRequest) -> Place:
    if request.param == "memory":
        return MemoryPlace()
    aws: AwsPlace = request.getfixturevalue(f"{request.param}_place")
    return aws
