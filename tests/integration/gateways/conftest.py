"""One gateway and one merchant for each test."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from meterai.gateways.midtrans.charges import Midtrans
from tests.integration.gateways.gateway_harness import GatewayHarness, open_harness
from tests.integration.gateways.merchant import SERVER_KEY, ManualClock, Merchant
from tests.midtrans import MidtransSimulator


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def merchant() -> Iterator[Merchant]:
    merchant = Merchant()
    yield merchant
    merchant.stop()


@pytest.fixture
def simulator(clock: ManualClock) -> Iterator[MidtransSimulator]:
    with MidtransSimulator(
        server_key=SERVER_KEY,
        now=clock,
        delay_factor=0.0,
        bank_confirms_after=timedelta(minutes=5),
    ) as simulator:
        yield simulator


@pytest.fixture
def gateway(simulator: MidtransSimulator, clock: ManualClock) -> Midtrans:
    return Midtrans(simulator.url, SERVER_KEY, now=clock)


@pytest.fixture
def impatient(simulator: MidtransSimulator, clock: ManualClock) -> Midtrans:
    """Gives up after a fifth of a second instead of twelve seconds."""
    return Midtrans(simulator.url, SERVER_KEY, now=clock, total_timeout_s=0.2)


@pytest.fixture(params=["midtrans", "xendit"])
def harness(request: pytest.FixtureRequest) -> Iterator[GatewayHarness]:
    """The system with each gateway in turn."""
    with open_harness(request.param) as ready:
        yield ready
