"""How tests are distributed over workers: a file at a time, or a folder that shares an account.

A module's fixture is then made once, and not by every worker. A local account is slow to start, and
moto's state is global in a process. pytest marks would say the same, but under pytest 9.2 xdist's
own `loadgroup` groups nothing, without a warning:
https://github.com/pytest-dev/pytest-xdist/issues/1386
"""

from typing import Any

import pytest

from tests.generated import register_profiles

register_profiles()

TOGETHER = (
    "tests/benchmarks/",
    "tests/e2e/",
    "tests/growth/",
    "tests/integration/local/",
    "tests/pages/",
    "tests/unit/functions/",  # its last file checks what all the others were answered
)
SLOWEST_FIRST = (  # those of ten seconds and more, so that no worker begins one of them last
    "tests/e2e/",
    "tests/pages/",
    "tests/integration/pdf/test_hostile_costs.py",
    "tests/integration/local/",
    "tests/load/test_load.py",
    "tests/faults/test_single_faults.py",
    "tests/contract/test_seeded_bugs.py",
    "tests/unit/domain/test_admission_in_a_surge.py",
    "tests/faults/test_concurrent_actions.py",
    "tests/faults/test_on_aws.py",
    "tests/benchmarks/",
    "tests/integration/pdf/test_preview_equals_result.py",
    "tests/architecture/test_weight.py",
    "tests/integration/pdf/test_ambiguity.py",
    "tests/integration/pdf/test_corpus.py",
    "tests/integration/pdf/test_print.py",
    "tests/growth/",
)


def unit_of(nodeid: str) -> str:
    """The unit in which a test is sent to a worker: its folder, or else its file."""
    file = nodeid.partition("::")[0]
    return next((folder for folder in TOGETHER if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> object:
    """For `--dist loadgroup`; None leaves any other kind to xdist."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class LoadByFile(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            return unit_of(nodeid)

        def _assign_work_unit(self, node: Any) -> None:
            slowest = next((unit for unit in SLOWEST_FIRST if unit in self.workqueue), None)
            if slowest:
                self.workqueue.move_to_end(slowest, last=False)
            super()._assign_work_unit(node)

    return LoadByFile(config, log)
