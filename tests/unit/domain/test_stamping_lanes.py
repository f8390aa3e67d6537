"""Which lane a stamping goes by."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from meterai.domain.stamping.stamping_lanes import is_any_deadline_near, stamping_lane
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import MAX_ESTIMATE_AGE, Lane, QueueStatus, Range
from tests.contract.factories import NOW, a_stamping, an_order
from tests.unit.domain.curves import straight

NEAREST = timedelta(minutes=30)
SECOND = timedelta(seconds=1)
(FIRST,) = a_stamping(an_order(), 0, portal="sscasn")
SOON = {"sscasn": NOW + NEAREST}


def flow(lane: Lane, waiting: int = 0, per_s: float = 1.0) -> QueueStatus:
    return QueueStatus(
        lane,
        NOW,
        waiting,
        drained_low_per_s=per_s,
        drained_high_per_s=per_s,
        curve=straight(NOW - 60 * SECOND, NOW, waiting),
        reached=NOW - 60 * SECOND,
    )


def told(
    deadlines: Mapping[str, datetime] = SOON, *, ordinary: int = 0, urgent: int = 0
) -> LoadSnapshot:
    """With so many waiting in either lane, taken at one a second."""
    lanes = {Lane.STAMPING: flow(Lane.STAMPING, ordinary), Lane.URGENT: flow(Lane.URGENT, urgent)}
    return LoadSnapshot(NOW, lanes, deadlines=deadlines)


def lane(
    snapshot: LoadSnapshot | None, portal: str | None = "sscasn", *, bulk: bool = False
) -> Lane:
    return stamping_lane(replace(FIRST, portal=portal, bulk=bulk), snapshot, NOW, NEAREST)


def test_work_near_its_portals_deadline_is_urgent() -> None:
    assert lane(told()) is Lane.URGENT
    assert lane(told({"sscasn": NOW + NEAREST + SECOND})) is Lane.STAMPING
    assert lane(told({"another": NOW + SECOND})) is Lane.STAMPING
    assert lane(told(), portal=None) is Lane.STAMPING


def test_bulk_stays_bulk_however_near_its_deadline_is() -> None:
    assert lane(told(), bulk=True) is Lane.BULK
    assert lane(None, bulk=True) is Lane.BULK


def wait_s(lane: Lane, waiting: int) -> Range:
    wait = flow(lane, waiting).wait_of_next()
    assert wait is not None
    return wait


def test_a_deadline_is_near_within_twice_what_the_lane_takes_at_most() -> None:
    horizon = timedelta(seconds=2 * wait_s(Lane.STAMPING, 3_600).high)
    assert horizon > NEAREST
    near = told({"sscasn": NOW + horizon}, ordinary=3_600)
    assert lane(near) is Lane.URGENT
    assert is_any_deadline_near(near, NOW, NEAREST)
    far = told({"sscasn": NOW + horizon + SECOND}, ordinary=3_600)
    assert lane(far) is Lane.STAMPING
    assert not is_any_deadline_near(far, NOW, NEAREST)


@pytest.mark.parametrize("ago", [timedelta(0), SECOND])
def test_work_whose_deadline_is_past_goes_the_ordinary_way(ago: timedelta) -> None:
    assert lane(told({"sscasn": NOW - ago})) is Lane.STAMPING


def test_work_that_can_no_longer_make_it_goes_the_ordinary_way() -> None:
    least = timedelta(seconds=wait_s(Lane.URGENT, 100).low)
    assert lane(told({"sscasn": NOW + least}, ordinary=1_000, urgent=100)) is Lane.URGENT
    too_soon = {"sscasn": NOW + least - SECOND}
    assert lane(told(too_soon, ordinary=1_000, urgent=100)) is Lane.STAMPING


def test_where_all_are_near_one_deadline_the_shorter_lane_is_taken() -> None:
    assert lane(told(ordinary=100, urgent=100)) is Lane.URGENT
    assert lane(told(ordinary=100, urgent=110)) is Lane.STAMPING


def test_without_a_fresh_snapshot_nothing_is_urgent() -> None:
    assert lane(None) is Lane.STAMPING
    assert lane(replace(told(), at=NOW - MAX_ESTIMATE_AGE - SECOND)) is Lane.STAMPING
    assert lane(LoadSnapshot(NOW, {}, deadlines=SOON)) is Lane.STAMPING
    unmeasured = {**told().lanes, Lane.URGENT: flow(Lane.URGENT, 10, per_s=0.0)}
    assert lane(replace(told(), lanes=unmeasured)) is Lane.STAMPING


def test_where_only_the_urgent_lane_is_measured_it_is_taken() -> None:
    unmeasured = {**told().lanes, Lane.STAMPING: flow(Lane.STAMPING, 10, per_s=0.0)}
    assert lane(replace(told(), lanes=unmeasured)) is Lane.URGENT
    far = replace(told({"sscasn": NOW + NEAREST + SECOND}), lanes=unmeasured)
    assert lane(far) is Lane.STAMPING, "what is near is not guessed from a lane of unknown speed"


def test_no_deadline_is_near_where_none_is_known() -> None:
    assert not is_any_deadline_near(None, NOW, NEAREST)
    assert not is_any_deadline_near(told({}), NOW, NEAREST)
    assert not is_any_deadline_near(told({"sscasn": NOW}), NOW, NEAREST)
