from collections.abc import Iterator

import pytest

from tests.unit.functions.description import hold_against_description
from tests.unit.functions.stamp_office import StampOffice, open_office


@pytest.fixture
def office() -> Iterator[StampOffice]:
    """An office that has just been opened: nothing was bought, stored or sent.

    Every answer it gives is held against the API's description.
    """
    with open_office(hold_against_description) as opened:
        yield opened
