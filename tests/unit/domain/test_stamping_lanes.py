"""Which lane a stamping goes to."""

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


def status(lane: Lane, waiting: int = 0, per_s: float = 1.0) -> QueueStatus:
    return QueueStatus(
        lane,
        NOW,
        waiting,
        drained_low_per_s=per_s,
        drained_high_per_s=per_s,
        curve=straight(NOW - 60 * SECOND, NOW, waiting),
        reached=NOW - 60 * SECOND,
    )


def snapshot_with(
    deadlines: Mapping[str, datetime] = SOON, *, ordinary: int = 0, urgent: int = 0
) -> LoadSnapshot:
    """With so many waiting in either lane, taken at one a second."""
    lanes = {
        Lane.STAMPING: status(Lane.STAMPING, ordinary),
        Lane.URGENT: status(Lane.URGENT, urgent),
    }
    return LoadSnapshot(NOW, lanes, deadlines=deadlines)


def lane(
    snapshot: LoadSnapshot | None, portal: str | None = "sscasn", *, bulk: bool = False
) -> Lane:
    return stamping_lane(replace(FIRST, portal=portal, bulk=bulk), snapshot, NOW, NEAREST)


def test_a_stamping_near_its_portals_deadline_is_urgent() -> None:
    assert lane(snapshot_with()) is Lane.URGENT
    assert lane(snapshot_with({"sscasn": NOW + NEAREST + SECOND})) is Lane.STAMPING
    assert lane(snapshot_with({"another": NOW + SECOND})) is Lane.STAMPING
    assert lane(snapshot_with(), portal=None) is Lane.STAMPING


def test_bulk_stays_bulk_however_near_its_deadline_is() -> None:
    assert lane(snapshot_with(), bulk=True) is Lane.BULK
    assert lane(None, bulk=True) is Lane.BULK


def wait_s(lane: Lane, waiting: int) -> Range:
    wait = status(lane, waiting).wait_of_next()
    assert wait is not None
    return wait


def test_a_deadline_is_near_within_twice_the_longest_wait_of_the_lane() -> None:
    horizon = timedelta(seconds=2 * wait_s(Lane.STAMPING, 3_600).high)
    assert horizon > NEAREST
    near = snapshot_with({"sscasn": NOW + horizon}, ordinary=3_600)
    assert lane(near) is Lane.URGENT
    assert is_any_deadline_near(near, NOW, NEAREST)
    far = snapshot_with({"sscasn": NOW + horizon + SECOND}, ordinary=3_600)
    assert lane(far) is Lane.STAMPING
    assert not is_any_deadline_near(far, NOW, NEAREST)


@pytest.mark.parametrize("ago", [timedelta(0), SECOND])
def test_a_stamping_whose_deadline_is_past_goes_to_the_ordinary_lane(ago: timedelta) -> None:
    assert lane(snapshot_with({"sscasn": NOW - ago})) is Lane.STAMPING


def test_a_stamping_that_can_no_longer_be_in_time_goes_to_the_ordinary_lane() -> None:
    least = timedelta(seconds=wait_s(Lane.URGENT, 100).low)
    assert lane(snapshot_with({"sscasn": NOW + least}, ordinary=1_000, urgent=100)) is Lane.URGENT
    too_soon = {"sscasn": NOW + least - SECOND}
    assert lane(snapshot_with(too_soon, ordinary=1_000, urgent=100)) is Lane.STAMPING


def test_where_all_are_near_one_deadline_the_shorter_lane_is_taken() -> None:
    assert lane(snapshot_with(ordinary=100, urgent=100)) is Lane.URGENT
    assert lane(snapshot_with(ordinary=100, urgent=110)) is Lane.STAMPING


def test_without_a_fresh_snapshot_nothing_is_urgent() -> None:
    assert lane(None) is Lane.STAMPING
    assert lane(replace(snapshot_with(), at=NOW - MAX_ESTIMATE_AGE - SECOND)) is Lane.STAMPING
    assert lane(LoadSnapshot(NOW, {}, deadlines=SOON)) is Lane.STAMPING
    unmeasured = {**snapshot_with().lanes, Lane.URGENT: status(Lane.URGENT, 10, per_s=0.0)}
    assert lane(replace(snapshot_with(), lanes=unmeasured)) is Lane.STAMPING


def test_where_only_the_urgent_lane_is_measured_it_is_taken() -> None:
    unmeasured = {**snapshot_with().lanes, Lane.STAMPING: status(Lane.STAMPING, 10, per_s=0.0)}
    assert lane(replace(snapshot_with(), lanes=unmeasured)) is Lane.URGENT
    far = replace(snapshot_with({"sscasn": NOW + NEAREST + SECOND}), lanes=unmeasured)
    assert lane(far) is Lane.STAMPING, "nearness is not guessed from a lane of unknown speed"


def test_no_deadline_is_near_where_none_is_known() -> None:
    assert not is_any_deadline_near(None, NOW, NEAREST)
    assert not is_any_deadline_near(snapshot_with({}), NOW, NEAREST)
    assert not is_any_deadline_near(snapshot_with({"sscasn": NOW}), NOW, NEAREST)
