from collections.abc import Iterator

import pytest

from tests.unit.pages.browser import Browser, open_browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Somebody is signed in who has bought nothing yet."""
    with open_browser() as opened:
        yield opened
