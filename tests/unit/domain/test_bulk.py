"""How much of the bulk lane may enter the stamping lane."""

from dataclasses import replace
from datetime import timedelta

import pytest

from meterai.domain.waiting.bulk import Portions, next_portion
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import MAX_ESTIMATE_AGE, Lane, QueueStatus
from tests.contract.factories import NOW
from tests.unit.domain.curves import straight

PORTIONS = Portions(min_per_s=2, max_per_s=50, pause_above=timedelta(seconds=30))
SECOND = timedelta(seconds=1)
CALM = QueueStatus(Lane.STAMPING, NOW)


def snapshot_of(status: QueueStatus) -> LoadSnapshot:
    return LoadSnapshot(NOW, {Lane.STAMPING: status})


def waiting(count: int, per_s: float = 0.0) -> QueueStatus:
    """So many applicants' messages, taken at this speed."""
    curve = straight(NOW - 60 * SECOND, NOW, count)
    return replace(
        CALM,
        waiting=count,
        curve=curve,
        reached=NOW - 60 * SECOND,
        drained_low_per_s=per_s,
        drained_high_per_s=per_s,
    )


def test_while_nobody_else_waits_a_portion_doubles_up_to_the_maximum() -> None:
    portions = [0]
    for _ in range(7):
        portions.append(next_portion(portions[-1], snapshot_of(CALM), NOW, PORTIONS))
    assert portions == [0, 2, 4, 8, 16, 32, 50, 50]


def test_it_is_halved_while_more_waits_than_was_recently_taken() -> None:
    fast = replace(CALM, waiting=80, rates_per_s=(100.0, 100.0, 100.0))
    assert next_portion(40, snapshot_of(fast), NOW, PORTIONS) == 50
    fuller = snapshot_of(replace(fast, waiting=81))
    assert next_portion(40, fuller, NOW, PORTIONS) == 20
    assert next_portion(7, fuller, NOW, PORTIONS) == 3, "rounded down"
    assert next_portion(3, fuller, NOW, PORTIONS) == 2


def test_bulk_has_its_minimum_while_applicants_wait_longer_than_they_should() -> None:
    assert next_portion(40, snapshot_of(waiting(10, per_s=1.0)), NOW, PORTIONS) == 50
    assert next_portion(40, snapshot_of(waiting(60, per_s=1.0)), NOW, PORTIONS) == 2
    assert next_portion(40, snapshot_of(replace(CALM, dwell_p90_s=30.0)), NOW, PORTIONS) == 50
    slow = replace(CALM, dwell_p90_s=30.1)
    assert next_portion(40, snapshot_of(slow), NOW, PORTIONS) == 2, (
        "the measured wait counts, not the expected one"
    )


@pytest.mark.parametrize(
    "snapshot",
    [
        pytest.param(None, id="no snapshot"),
        pytest.param(
            replace(snapshot_of(CALM), at=NOW - MAX_ESTIMATE_AGE - SECOND), id="an old one"
        ),
        pytest.param(LoadSnapshot(NOW, {}), id="without the lane"),
        pytest.param(snapshot_of(waiting(40)), id="of an unknown speed"),
    ],
)
def test_without_a_usable_snapshot_bulk_has_its_minimum(snapshot: LoadSnapshot | None) -> None:
    assert next_portion(40, snapshot, NOW, PORTIONS) == 2


def test_a_minimum_of_zero_is_allowed_and_grows_without_load() -> None:
    nothing = replace(PORTIONS, min_per_s=0)
    assert next_portion(40, None, NOW, nothing) == 0
    assert next_portion(0, snapshot_of(CALM), NOW, nothing) == 1
