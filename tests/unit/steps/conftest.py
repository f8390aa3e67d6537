import pytest

from meterai.domain.orders import Order
from tests.unit.steps.office import Office
from tests.unit.steps.postman import Postman


@pytest.fixture
def office() -> Office:
    """An office in which the buyer's letter has been uploaded."""
    office = Office()
    office.upload()
    return office


@pytest.fixture
def postman(office: Office) -> Postman:
    return Postman(office)


@pytest.fixture
def paid(office: Office, postman: Postman) -> Order:
    """Two e-meterai, paid for and not used."""
    order = office.buy()
    office.settle(order)
    postman.deliver()
    return office.world.orders[order.order_id]
