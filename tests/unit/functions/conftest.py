from collections.abc import Iterator

import pytest

from tests.unit.functions.stamp_office import StampOffice, open_office


@pytest.fixture
def office() -> Iterator[StampOffice]:
    """An office that has just been opened: nothing was bought, stored or sent."""
    with open_office() as opened:
        yield opened
