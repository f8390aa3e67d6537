from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.functions.description import check_against_description
from tests.unit.functions.function_app import FunctionApp, open_app


@pytest.fixture
def memory_app() -> Iterator[FunctionApp]:
    """A new system: nothing was bought, stored or sent.

    Every response is checked against the API's description.
    """
    with open_app(check_against_description) as opened:
        yield opened


HERE = Path(__file__).parent
LAST = HERE / "test_declared_problems.py"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The tests about all others run last, and are skipped if some of the others are left out."""
    is_selection = bool(
        config.option.keyword or config.option.markexpr or any("::" in arg for arg in config.args)
    )
    collected = {item.path for item in items if item.path.parent == HERE}
    if is_selection or collected != set(HERE.glob("test_*.py")):
        for item in items:
            if item.path == LAST:
                item.add_marker(pytest.mark.skip("needs every other test of this folder"))
    items.sort(key=lambda item: item.path == LAST)
