"""What can still be in time for a portal's deadline."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.errors import DeadlineOutOfRange, DeadlineOutOfReach, DeadlinePast
from meterai.domain.waiting.deadlines import (
    MAX_AHEAD,
    PAYMENT_TAKES,
    Outlook,
    check_ahead,
    check_in_reach,
    check_not_past,
    outlook,
    promised_by,
)
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


def long(lane: Lane, waits_s: int = 600) -> QueueStatus:
    """Ten a second are taken, and so many stand in it."""
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


def seen(*flows: QueueStatus, deadline_in: timedelta | None, honours: bool = False) -> LoadSnapshot:
    return LoadSnapshot(
        NOW,
        {flow.lane: flow for flow in flows},
        deadlines={} if deadline_in is None else {PORTAL: NOW + deadline_in},
        honouring=frozenset({PORTAL} if honours else ()),
    )


CALM = (QueueStatus(Lane.STAMPING, NOW), QueueStatus(Lane.URGENT, NOW))
RUSH = (long(Lane.STAMPING), long(Lane.URGENT, 900))


@pytest.mark.parametrize("ahead", [timedelta(microseconds=1), MINUTE, MAX_AHEAD])
def test_a_deadline_lies_ahead_by_a_year_at_most(ahead: timedelta) -> None:
    check_ahead(NOW + ahead, NOW)


@pytest.mark.parametrize("ahead", [timedelta(0), -MINUTE, MAX_AHEAD + timedelta(microseconds=1)])
def test_one_that_does_not_is_none(ahead: timedelta) -> None:
    with pytest.raises(DeadlineOutOfRange) as refused:
        check_ahead(NOW + ahead, NOW)
    assert refused.value.values == {
        "deadline_at": (NOW + ahead).isoformat(timespec="seconds"),
        "now": "2026-11-24T02:00:00+00:00",
    }


def test_what_is_bought_when_nobody_waits_needs_the_time_of_a_payment() -> None:
    just = PAYMENT_TAKES + CALM_HIGH
    check_in_reach(PORTAL, seen(*CALM, deadline_in=just), NOW)
    with pytest.raises(DeadlineOutOfReach) as refused:
        check_in_reach(PORTAL, seen(*CALM, deadline_in=just - SECOND), NOW)
    assert refused.value.values == {
        "portal": PORTAL,
        "deadline_at": "2026-11-24T02:01:32+00:00",
        "ready_at": "2026-11-24T02:01:33+00:00",
    }


def test_in_a_rush_the_longest_that_is_likely_counts() -> None:
    known = outlook(PORTAL, seen(*RUSH, deadline_in=timedelta(hours=1)), NOW)
    assert known.stamped_in is not None
    wait = long(Lane.STAMPING).wait_of_next()
    assert wait is not None
    assert known.stamped_in == Range(90 + wait.low, 90 + wait.high)
    just = known.stamped_in.high * SECOND
    check_in_reach(PORTAL, seen(*RUSH, deadline_in=just), NOW)
    with pytest.raises(DeadlineOutOfReach):
        check_in_reach(PORTAL, seen(*RUSH, deadline_in=just - SECOND), NOW)


def test_near_a_deadline_the_shorter_of_the_lanes_serves() -> None:
    flows = (long(Lane.STAMPING), QueueStatus(Lane.URGENT, NOW))
    check_in_reach(PORTAL, seen(*flows, deadline_in=2 * MINUTE), NOW)


def test_a_portal_that_honours_receipts_asks_for_the_payment_alone() -> None:
    check_in_reach(PORTAL, seen(*RUSH, deadline_in=PAYMENT_TAKES, honours=True), NOW)
    with pytest.raises(DeadlineOutOfReach):
        check_in_reach(PORTAL, seen(*RUSH, deadline_in=PAYMENT_TAKES - SECOND, honours=True), NOW)


@pytest.mark.parametrize("honours", [False, True])
def test_what_is_past_is_past_for_who_buys_and_for_who_stamps(*, honours: bool) -> None:
    over = seen(*CALM, deadline_in=timedelta(0), honours=honours)
    for check in (check_not_past, check_in_reach):
        with pytest.raises(DeadlinePast) as refused:
            check(PORTAL, over, NOW)
        assert refused.value.values == {
            "portal": PORTAL,
            "deadline_at": "2026-11-24T02:00:00+00:00",
        }
    check_not_past(PORTAL, seen(*CALM, deadline_in=timedelta(microseconds=1)), NOW)


@pytest.mark.parametrize(
    "snapshot",
    [None, seen(*RUSH, deadline_in=None), seen(*CALM, deadline_in=-MINUTE)],
    ids=["nothing known", "no deadline", "a gauge that stopped"],
)
def test_nobody_is_refused_for_what_is_not_known(snapshot: LoadSnapshot | None) -> None:
    now = NOW + MAX_REFUSAL_AGE + SECOND if snapshot and snapshot.deadlines else NOW
    check_in_reach(PORTAL, snapshot, now)
    check_in_reach("another", snapshot, now)
    assert promised_by(PORTAL, snapshot, PROMISE_ENDS, now) == PROMISE_ENDS


@pytest.mark.parametrize("flows", [(), RUSH], ids=["not measured", "no longer fresh"])
def test_how_long_is_not_guessed(flows: tuple[QueueStatus, ...]) -> None:
    now = NOW + MAX_ESTIMATE_AGE + SECOND if flows else NOW
    snapshot = seen(*flows, deadline_in=now - NOW + PAYMENT_TAKES)
    check_in_reach(PORTAL, snapshot, now)
    known = outlook(PORTAL, snapshot, now)
    assert (known.stamped_in, known.is_in_time) == (None, True)


def test_before_buying_one_knows_whether_it_would_be_in_time() -> None:
    def told(deadline_in: timedelta | None) -> Outlook:
        return outlook(PORTAL, seen(*CALM, deadline_in=deadline_in), NOW)

    calm = Range(91, 93)
    assert told(None) == Outlook(None, honours_receipts=False, stamped_in=calm, is_in_time=None)
    for ahead, is_in_time in ((10 * MINUTE, True), (MINUTE, False), (-MINUTE, False)):
        assert told(ahead) == Outlook(
            NOW + ahead, honours_receipts=False, stamped_in=calm, is_in_time=is_in_time
        )


def test_where_a_receipt_serves_one_is_in_time_though_the_stamp_comes_later() -> None:
    rush = seen(*RUSH, deadline_in=2 * MINUTE, honours=True)
    known = outlook(PORTAL, rush, NOW)
    assert known.stamped_in is not None
    assert known.stamped_in.low * SECOND > 2 * MINUTE
    assert (known.honours_receipts, known.is_in_time) == (True, True)


def test_a_promise_ends_with_the_deadline_if_that_is_sooner_and_no_receipt_serves() -> None:
    hour = timedelta(hours=1)
    assert promised_by(PORTAL, seen(deadline_in=hour), PROMISE_ENDS, NOW) == NOW + hour
    honoured = seen(deadline_in=hour, honours=True)
    assert promised_by(PORTAL, honoured, PROMISE_ENDS, NOW) == PROMISE_ENDS
    later = seen(deadline_in=timedelta(days=2))
    assert promised_by(PORTAL, later, PROMISE_ENDS, NOW) == PROMISE_ENDS
    assert promised_by(None, seen(deadline_in=hour), PROMISE_ENDS, NOW) == PROMISE_ENDS
