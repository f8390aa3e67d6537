"""The backends that must fulfil the contract."""

from collections.abc import Iterator

import pytest

from tests.contract.backends import AwsBackend, Backend, Clients, MemoryBackend
from tests.contract.endpoints import clients_at, forget_all_in_moto, moto_running
from tests.contract.ministack import INSTALL_MINISTACK, interpreter, running

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
def moto_backend(moto: Clients) -> AwsBackend:
    forget_all_in_moto()
    return AwsBackend(moto)


@pytest.fixture
def ministack_backend(ministack: Clients) -> AwsBackend:
    return AwsBackend(ministack)


@pytest.fixture(params=["memory", "moto", "ministack"])
def backend(request: pytest.FixtureRequest) -> Backend:
    if request.param == "memory":
        return MemoryBackend()
    aws: AwsBackend = request.getfixturevalue(f"{request.param}_backend")
    return aws
