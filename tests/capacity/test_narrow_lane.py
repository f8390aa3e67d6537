"""Where stamping alone is too slow, people wait outside, and the lane is busy all the same.

The simulation judges the admission here: it has the deployed estimator, which sees noisy batches,
payments of random length, and people who poll and leave, and none of what the closed loops of
`tests/unit/domain/test_admission_in_a_surge.py` assume.
"""

from dataclasses import replace

import pytest

from tests.capacity.curve import Curve
from tests.capacity.measured import TYPICAL
from tests.capacity.people import PEOPLE, People
from tests.capacity.simulation import Scenario, Variant, simulate
from tests.capacity.sizes import Size, declared

NO_LIMIT = 1_000_000
RUSH = Curve("rush", (0, 900), (60,))
MAX_WAIT_S = declared().policy.longest_wait.total_seconds()


def _narrow() -> Size:
    """One worker that stamps one at a time, about eight a second; all else is wide."""
    size = declared()
    limits = replace(
        size.limits,
        cognito_logins=NO_LIMIT,
        cognito_creations=NO_LIMIT,
        api_requests=NO_LIMIT,
        api_burst=NO_LIMIT,
    )
    wide = replace(
        size,
        limits=limits,
        concurrency=dict.fromkeys(size.concurrency, NO_LIMIT),
        policy=replace(size.policy, capacity_per_s=30.0),
    )
    one = {"min_workers": 1, "max_workers": 1, "batch": 1, "polls_per_s": None}
    many = {"min_workers": 2_000, "max_workers": 2_000}
    return wide.with_lane("Stamp", **one).with_lane("ConfirmPayment", **many)


@pytest.mark.parametrize(
    "people",
    [
        pytest.param(PEOPLE, id="as assumed"),
        pytest.param(replace(PEOPLE, never_pay=0.33), id="a third never pays"),
    ],
)
def test_while_people_wait_outside_the_lane_is_busy_and_who_paid_is_stamped_in_time(
    people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    """The first minute or two of the pause, until the first have paid, is included."""
    scenario = Scenario("narrow", RUSH, 60, people=people, cohort_size=2, ends_after_s=1_800)
    outcome = simulate(scenario, Variant.AS_DEPLOYED, _narrow(), TYPICAL, seed=3)
    busy, p99_s = outcome.busy_share, outcome.served.quantile_s(0.99)
    with capsys.disabled():
        print(
            f"\nlane busy {busy:.0%} while up to {outcome.max_in_room:,} wait, p99 {p99_s:.0f} s "
        )
    assert outcome.max_in_room > 10_000
    assert busy is not None
    assert busy > 0.9
    assert p99_s < MAX_WAIT_S
