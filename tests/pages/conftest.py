"""One account and one browser for the folder; each visitor is somebody new."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.local.environment import local_environment
from tests.pages.account import OPTIONS
from tests.pages.chromium import need_chromium, open_chromium
from tests.pages.judge import Judgments
from tests.pages.visitor import Visitor, visiting
from tests.pages.world import World

NewVisitor = Callable[..., Visitor]


@pytest.fixture(scope="package")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    need_chromium()
    with local_environment(logs=tmp_path_factory.mktemp("logs"), **OPTIONS) as place:
        yield World(place)


@pytest.fixture(scope="package")
def browser(world: World) -> Iterator[Browser]:  # noqa: ARG001 (see below)
    """Opened last: until it is closed, a loop of asyncio is running in this thread, so that nothing
    else can run one, such as pyHanko when a signing certificate is installed."""
    with open_chromium() as running:
        yield running


@pytest.fixture(scope="package")
def judgments() -> Judgments:
    return Judgments()


@pytest.fixture
def new_visitor(browser: Browser, world: World) -> Iterator[NewVisitor]:
    """Takes the arguments of `visiting`: device, language, has_script."""
    with ExitStack() as open_ones:
        yield lambda *args, **options: open_ones.enter_context(
            visiting(browser, world, *args, **options)
        )
