import pytest

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
