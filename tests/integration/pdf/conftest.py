"""The same tests with all engines, and with pyHanko alone; and what a loaded machine may take."""

from collections.abc import Iterator

import pytest

from meterai.pdf import sandbox
from meterai.pdf.engines import chain

LOADED_MACHINE_S = 600.0


@pytest.fixture(scope="module", params=["all engines", "pyHanko alone"])
def every_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """The incremental engine must pass every test that pyHanko passes."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "pyHanko alone":
            patched.setattr(chain, "ENGINES", chain.ENGINES[-1:])
        yield


@pytest.fixture(scope="module", autouse=True)
def _only_processor_time_counts() -> Iterator[None]:
    """How long a child takes depends on what else the machine does; a document's own limits do
    not."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sandbox, "WALL_SECONDS", LOADED_MACHINE_S)
        patched.setattr(sandbox, "MAX_WAIT_SECONDS", LOADED_MACHINE_S)
        yield
