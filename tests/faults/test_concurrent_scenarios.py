"""Every use case, with somebody else acting between each two of its port calls."""

import pytest

from tests.faults.meanwhile import MEANWHILE, Meanwhile
from tests.faults.runs import meetings, run, wrong_of
from tests.faults.use_cases import USE_CASES, UseCase

PAIRS = [
    pytest.param(use_case, meanwhile, id=f"{use_case.__name__}-{meanwhile.__name__}")
    for use_case in USE_CASES
    for meanwhile in MEANWHILE
]


@pytest.mark.parametrize(("use_case", "meanwhile"), PAIRS)
def test_two_that_meet_do_each_other_no_harm(
    use_case: UseCase, meanwhile: Meanwhile, capsys: pytest.CaptureFixture[str]
) -> None:
    count, wrong = wrong_of(use_case, meetings(run(use_case).calls), meanwhile=meanwhile)
    with capsys.disabled():
        print(f"\n{use_case.__name__}, {meanwhile.__name__}: {count} meetings", end=" ")
    assert wrong == {}
