from collections.abc import Iterator

import pytest

from tests.unit.functions.description import hold_against_description
from tests.unit.functions.function_app import FunctionApp, open_app


@pytest.fixture
def memory_app() -> Iterator[FunctionApp]:
    """A new system: nothing was bought, stored or sent.

    Every answer is checked against the API's description.
    """
    with open_app(hold_against_description) as opened:
        yield opened
