"""The same tests with all engines, and with pyHanko alone."""

from collections.abc import Iterator

import pytest

from meterai.pdf.engines import chain


@pytest.fixture(scope="module", params=["all engines", "pyHanko alone"])
def every_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """The incremental engine must pass every test that pyHanko passes."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "pyHanko alone":
            patched.setattr(chain, "ENGINES", chain.ENGINES[-1:])
        yield
