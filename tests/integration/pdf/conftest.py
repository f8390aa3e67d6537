"""The same tests through the row of doors, and through the last door alone."""

from collections.abc import Iterator

import pytest

from meterai.pdf.engines import chain


@pytest.fixture(scope="module", params=["all doors", "last door"])
def every_engine(request: pytest.FixtureRequest) -> Iterator[None]:
    """What the first door makes must stand every test that the last one's does."""
    with pytest.MonkeyPatch.context() as patched:
        if request.param == "last door":
            patched.setattr(chain, "ENGINES", chain.ENGINES[-1:])
        yield
