"""What can still be stamped before a portal's deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.errors import DeadlineOutOfRange, DeadlineOutOfReach, DeadlinePast
from meterai.domain.times import utc_text
from meterai.domain.waiting.deadlines import (
    MAX_AHEAD,
    Outlook,
    check_ahead,
    check_in_reach,
    check_not_past,
    outlook,
    promised_by,
)
from meterai.domain.waiting.demand import PAYS_WITHIN
from meterai.domain.waiting.load_snapshot import MAX_REFUSAL_AGE, LoadSnapshot
from meterai.domain.waiting.queue_status import (
    MAX_ESTIMATE_AGE,
    CumulativePoint,
    Lane,
    QueueStatus,
    Range,
)

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
PORTAL = "sscasn"
CALM_HIGH = 3 * SECOND
PROMISE_ENDS = NOW + timedelta(days=1)


def busy_lane(lane: Lane, waits_s: int = 600) -> QueueStatus:
    """Ten a second are taken, and a message waits `waits_s`."""
    return QueueStatus(
        lane,
        NOW,
        waiting=10 * waits_s,
        drained_low_per_s=10.0,
        drained_high_per_s=10.0,
        curve=tuple(
            CumulativePoint(NOW + n * waits_s / 30 * SECOND, 10.0 * n * waits_s / 30)
            for n in range(-30, 1)
        ),
        reached=NOW - waits_s * SECOND,
        drained=-10.0 * waits_s,
        rates_per_s=(10.0,) * 3,
        busy_s=600.0,
    )


def snapshot_with(
    *statuses: QueueStatus, deadline_in: timedelta | None, honours: bool = False
) -> LoadSnapshot:
    return LoadSnapshot(
        NOW,
        {status.lane: status for status in statuses},
        deadlines={} if deadline_in is None else {PORTAL: NOW + deadline_in},
        honouring=frozenset({PORTAL} if honours else ()),
    )


CALM = (QueueStatus(Lane.STAMPING, NOW), QueueStatus(Lane.URGENT, NOW))
RUSH = (busy_lane(Lane.STAMPING), busy_lane(Lane.URGENT, 900))


@pytest.mark.parametrize("ahead", [timedelta(microseconds=1), MINUTE, MAX_AHEAD])
def test_a_deadline_is_at_most_a_year_ahead(ahead: timedelta) -> None:
    check_ahead(NOW + ahead, NOW)


@pytest.mark.parametrize("ahead", [timedelta(0), -MINUTE, MAX_AHEAD + timedelta(microseconds=1)])
def test_a_deadline_out_of_range_is_refused(ahead: timedelta) -> None:
    with pytest.raises(DeadlineOutOfRange) as refused:
        check_ahead(NOW + ahead, NOW)
    assert refused.value.values == {
        "deadline_at": utc_text(NOW + ahead),
        "now": "2026-11-24T02:00:00Z",
    }


def test_with_nobody_waiting_a_purchase_needs_the_time_of_a_payment() -> None:
    just = PAYS_WITHIN + CALM_HIGH
    check_in_reach(PORTAL, snapshot_with(*CALM, deadline_in=just), NOW)
    with pytest.raises(DeadlineOutOfReach) as refused:
        check_in_reach(PORTAL, snapshot_with(*CALM, deadline_in=just - SECOND), NOW)
    assert refused.value.values == {
        "portal": PORTAL,
        "deadline_at": "2026-11-24T02:01:32Z",
        "ready_at": "2026-11-24T02:01:33Z",
    }


def test_in_a_rush_the_longest_likely_wait_counts() -> None:
    known = outlook(PORTAL, snapshot_with(*RUSH, deadline_in=timedelta(hours=1)), NOW)
    assert known.stamped_in is not None
    wait = busy_lane(Lane.STAMPING).wait_of_next()
    assert wait is not None
    assert known.stamped_in == Range(90 + wait.low, 90 + wait.high)
    just = known.stamped_in.high * SECOND
    check_in_reach(PORTAL, snapshot_with(*RUSH, deadline_in=just), NOW)
    with pytest.raises(DeadlineOutOfReach):
        check_in_reach(PORTAL, snapshot_with(*RUSH, deadline_in=just - SECOND), NOW)


def test_near_a_deadline_the_shorter_of_the_lanes_counts() -> None:
    statuses = (busy_lane(Lane.STAMPING), QueueStatus(Lane.URGENT, NOW))
    check_in_reach(PORTAL, snapshot_with(*statuses, deadline_in=2 * MINUTE), NOW)


def test_a_portal_that_honours_receipts_needs_only_the_payment_in_time() -> None:
    check_in_reach(PORTAL, snapshot_with(*RUSH, deadline_in=PAYS_WITHIN, honours=True), NOW)
    with pytest.raises(DeadlineOutOfReach):
        check_in_reach(
            PORTAL, snapshot_with(*RUSH, deadline_in=PAYS_WITHIN - SECOND, honours=True), NOW
        )


@pytest.mark.parametrize("honours", [False, True])
def test_a_past_deadline_is_refused_for_purchases_and_for_stampings(*, honours: bool) -> None:
    over = snapshot_with(*CALM, deadline_in=timedelta(0), honours=honours)
    for check in (check_not_past, check_in_reach):
        with pytest.raises(DeadlinePast) as refused:
            check(PORTAL, over, NOW)
        assert refused.value.values == {
            "portal": PORTAL,
            "deadline_at": "2026-11-24T02:00:00Z",
        }
    check_not_past(PORTAL, snapshot_with(*CALM, deadline_in=timedelta(microseconds=1)), NOW)


@pytest.mark.parametrize(
    "snapshot",
    [None, snapshot_with(*RUSH, deadline_in=None), snapshot_with(*CALM, deadline_in=-MINUTE)],
    ids=["nothing known", "no deadline", "an outdated snapshot"],
)
def test_nobody_is_refused_without_a_fresh_snapshot_of_the_deadline(
    snapshot: LoadSnapshot | None,
) -> None:
    now = NOW + MAX_REFUSAL_AGE + SECOND if snapshot and snapshot.deadlines else NOW
    check_in_reach(PORTAL, snapshot, now)
    check_in_reach("another", snapshot, now)
    assert promised_by(PORTAL, snapshot, PROMISE_ENDS, now) == PROMISE_ENDS


@pytest.mark.parametrize("statuses", [(), RUSH], ids=["not measured", "no longer fresh"])
def test_an_unknown_wait_is_not_guessed(statuses: tuple[QueueStatus, ...]) -> None:
    now = NOW + MAX_ESTIMATE_AGE + SECOND if statuses else NOW
    snapshot = snapshot_with(*statuses, deadline_in=now - NOW + PAYS_WITHIN)
    check_in_reach(PORTAL, snapshot, now)
    known = outlook(PORTAL, snapshot, now)
    assert (known.stamped_in, known.is_in_time) == (None, True)


def test_before_buying_applicants_learn_whether_it_would_be_in_time() -> None:
    def outlook_for(deadline_in: timedelta | None) -> Outlook:
        return outlook(PORTAL, snapshot_with(*CALM, deadline_in=deadline_in), NOW)

    calm = Range(91, 93)
    assert outlook_for(None) == Outlook(
        None, honours_receipts=False, stamped_in=calm, is_in_time=None
    )
    for ahead, is_in_time in ((10 * MINUTE, True), (MINUTE, False), (-MINUTE, False)):
        assert outlook_for(ahead) == Outlook(
            NOW + ahead, honours_receipts=False, stamped_in=calm, is_in_time=is_in_time
        )


def test_with_a_receipt_a_purchase_is_in_time_though_the_stamp_comes_later() -> None:
    rush = snapshot_with(*RUSH, deadline_in=2 * MINUTE, honours=True)
    known = outlook(PORTAL, rush, NOW)
    assert known.stamped_in is not None
    assert known.stamped_in.low * SECOND > 2 * MINUTE
    assert (known.honours_receipts, known.is_in_time) == (True, True)


def test_a_promise_ends_with_the_deadline_if_that_is_sooner_and_no_receipt_is_honoured() -> None:
    hour = timedelta(hours=1)
    assert promised_by(PORTAL, snapshot_with(deadline_in=hour), PROMISE_ENDS, NOW) == NOW + hour
    honoured = snapshot_with(deadline_in=hour, honours=True)
    assert promised_by(PORTAL, honoured, PROMISE_ENDS, NOW) == PROMISE_ENDS
    later = snapshot_with(deadline_in=timedelta(days=2))
    assert promised_by(PORTAL, later, PROMISE_ENDS, NOW) == PROMISE_ENDS
    assert promised_by(None, snapshot_with(deadline_in=hour), PROMISE_ENDS, NOW) == PROMISE_ENDS
