"""Every use case, with somebody else acting between each two of its port calls."""

import pytest

from tests.faults.meanwhile import MEANWHILE, Meanwhile
from tests.faults.runs import meetings, run, wrong_of
from tests.faults.use_cases import USE_CASES, UseCase


@pytest.mark.parametrize("use_case", USE_CASES, ids=lambda story: story.__name__)
@pytest.mark.parametrize("meanwhile", MEANWHILE, ids=lambda other: other.__name__)
def test_two_that_meet_do_each_other_no_harm(
    use_case: UseCase, meanwhile: Meanwhile, capsys: pytest.CaptureFixture[str]
) -> None:
    count, wrong = wrong_of(use_case, meetings(run(use_case).calls), meanwhile=meanwhile)
    with capsys.disabled():
        print(f"\n{use_case.__name__}, {meanwhile.__name__}: {count} meetings", end=" ")
    assert wrong == {}
