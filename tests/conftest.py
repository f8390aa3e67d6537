"""How tests are spread over workers: those of a folder that keeps an account stay together.

An account is dear to start and to measure, and its moto is there once in a process. Marks would
say so too, but under pytest 9.2 xdist's own `loadgroup` groups nothing any more, and says nothing
either:
https://github.com/pytest-dev/pytest-xdist/issues/1386
"""

from typing import Any

import pytest

TOGETHER = ("tests/benchmarks/", "tests/e2e/", "tests/growth/", "tests/integration/local/")


def unit_of(nodeid: str) -> str:
    """What a test is sent to a worker with: its folder, or else nothing but itself."""
    return next((folder for folder in TOGETHER if nodeid.startswith(folder)), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """For `--dist loadgroup`; None leaves any other kind to xdist."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class LoadByFolder(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

    return LoadByFolder(config, log)
