"""How a day's buyers were served: waits in a histogram, refunds by their promise."""

import random
from dataclasses import replace
from datetime import date, timedelta
from math import ceil

import pytest

from meterai.domain.reconciliation.ledger import OrderFacts
from meterai.domain.reconciliation.performance import (
    NO_WAITS,
    PUBLISHED_DAYS,
    WAIT_BOUNDS_S,
    Performance,
    PublicDay,
    RefundResult,
    performance_of,
    wait_bucket,
    with_day,
)
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import Refund, RefundReason, RefundState
from meterai.domain.stamping.stampings import EMeterai, SerialState
from meterai.domain.timers import Timer
from tests.unit.domain.facts import NOW, PAID, PAYMENT, PAYMENT_ID, emeterai, refund

DAY = date(2026, 11, 24)
HOUR = timedelta(hours=1)
PROMISES = RefundPromises(to_source=24 * HOUR, to_account=72 * HOUR)
GIVEN_BACK = replace(
    refund("rfd_A", (0, 1), RefundState.DUE, 24_000), timer=Timer(NOW, NOW + 24 * HOUR)
)


def counted(waits_s: list[float]) -> Performance:
    waits = list(NO_WAITS)
    for wait_s in waits_s:
        waits[wait_bucket(timedelta(seconds=wait_s))] += 1
    return Performance(stamped=len(waits_s), waits=tuple(waits))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_a_percentile_is_the_bound_of_the_bucket_in_which_the_true_one_is(
    seed: int, share: float
) -> None:
    """Also of parts that were added; judged against the waits themselves, by the nearest rank."""
    draw = random.Random(seed)
    parts = [
        [draw.lognormvariate(1 + seed / 3, 2) for _ in range(draw.randint(0, 60))] for _ in range(5)
    ]
    waits_s = sorted(sum(parts, [1.0]))
    added = sum(map(counted, parts), counted([1.0]))
    true_s = waits_s[ceil(share * len(waits_s)) - 1]
    assert added == counted(waits_s)
    expected = next((bound_s for bound_s in WAIT_BOUNDS_S if true_s <= bound_s), None)
    assert added.wait_within_s(share) == expected


def test_of_nobody_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="nobody waited"):
        Performance().wait_within_s(0.5)


def test_a_wait_of_just_a_bound_belongs_below_it() -> None:
    assert wait_bucket(timedelta(0)) == 0
    assert [wait_bucket(timedelta(seconds=one)) for one in WAIT_BOUNDS_S] == [
        *range(len(WAIT_BOUNDS_S))
    ]
    assert wait_bucket(timedelta(seconds=WAIT_BOUNDS_S[-1] + 1)) == len(WAIT_BOUNDS_S)


def test_counts_add_up() -> None:
    one = Performance(2, 1, 1, 1, NO_WAITS, {RefundResult.KEPT: 1}, {RefundReason.REQUESTED: 2})
    other = Performance(
        3, 2, 1, 0, NO_WAITS, {RefundResult.LATE: 1}, {RefundReason.NOT_EXECUTED: 1}
    )
    both = one + other
    assert both == Performance(
        5,
        3,
        2,
        1,
        NO_WAITS,
        {RefundResult.KEPT: 1, RefundResult.LATE: 1},
        {RefundReason.REQUESTED: 2, RefundReason.NOT_EXECUTED: 1},
    )
    assert (both.refunds_due, both.promised) == (2, 4)


def day(age: int, paid: int = 0) -> PublicDay:
    return PublicDay(DAY + timedelta(days=age), 1, NOW, Performance(paid=paid), 0)


def test_a_day_that_is_published_again_replaces_its_figures() -> None:
    published = with_day(with_day((), day(1, paid=1)), day(0, paid=2))
    assert with_day(published, day(1, paid=5)) == (day(0, paid=2), day(1, paid=5))


def test_the_oldest_days_make_room() -> None:
    published: tuple[PublicDay, ...] = ()
    for age in range(PUBLISHED_DAYS + 3):
        published = with_day(published, day(age))
    assert [published[0], published[-1]] == [day(3), day(PUBLISHED_DAYS + 2)]


CONFIRMED = replace(GIVEN_BACK, state=RefundState.CONFIRMED, timer=None)


def of_refund(refund: Refund, after: timedelta) -> Performance:
    """As seen so long after the refund began."""
    facts = OrderFacts(PAID, [PAYMENT], {}, {refund.refund_id: refund})
    return performance_of(facts, [PAYMENT_ID], 24 * HOUR, PROMISES, NOW + after)


@pytest.mark.parametrize(
    ("refund", "result"),
    [
        (replace(CONFIRMED, confirmed_at=NOW + 24 * HOUR), RefundResult.KEPT),
        (replace(CONFIRMED, confirmed_at=NOW + 25 * HOUR), RefundResult.LATE),
        (GIVEN_BACK, RefundResult.LATE),
        (replace(GIVEN_BACK, state=RefundState.NEEDS_ACCOUNT), RefundResult.NEEDS_ACCOUNT),
        (replace(GIVEN_BACK, state=RefundState.SUPERSEDED), RefundResult.TAKEN_BACK),
    ],
)
def test_a_refund_kept_its_promise_or_did_not(refund: Refund, result: RefundResult) -> None:
    found = of_refund(refund, 30 * HOUR)
    assert (found.refunds, found.given_back) == ({result: 1}, {RefundReason.REQUESTED: 2})


def test_a_refund_is_open_until_its_promise_is_over() -> None:
    assert of_refund(GIVEN_BACK, 24 * HOUR).refunds == {RefundResult.OPEN: 1}


def stamped(name: str, slot: int, requested: timedelta, done: timedelta) -> EMeterai:
    one = emeterai(name, slot, SerialState.STAMPED)
    return replace(one, requested_at=NOW + requested, stamped_at=NOW + done)


def of_serials(*serials: EMeterai) -> OrderFacts:
    return OrderFacts(PAID, [PAYMENT], {one.serial: one for one in serials}, {})


def test_one_waits_from_payment_or_request_whichever_is_later() -> None:
    minute = timedelta(minutes=1)
    before = stamped("A", 0, -10 * minute, 15 * minute / 60)
    much_later = stamped("B", 1, 600 * minute, 601 * minute)
    found = performance_of(
        of_serials(before, much_later), [PAYMENT_ID], 24 * HOUR, PROMISES, NOW + 30 * HOUR
    )
    assert found == replace(counted([15, 60]), paid=4, in_time=2)


def test_bulk_is_stamped_and_promised_but_nobody_waited() -> None:
    bulk = replace(stamped("A", 0, HOUR, 30 * HOUR), bulk=True)
    waiting = emeterai("B", 1, SerialState.RESERVED)
    found = performance_of(
        of_serials(bulk, waiting), [PAYMENT_ID], 24 * HOUR, PROMISES, NOW + 40 * HOUR
    )
    assert found == Performance(paid=4, stamped=1, in_time=0, being_stamped=1)


def test_an_order_belongs_to_the_payment_that_paid_it_alone() -> None:
    """Another payment for it has refunds of its own, and no e-meterai."""
    facts = of_serials(stamped("A", 0, HOUR, 2 * HOUR))
    assert performance_of(facts, ["midtrans#tx-2"], HOUR, PROMISES, NOW) == Performance()
    other = replace(GIVEN_BACK, payment_id="midtrans#tx-2", slots=())
    both = replace(facts, refunds={other.refund_id: other})
    found = performance_of(both, ["midtrans#tx-2"], HOUR, PROMISES, NOW)
    assert found == Performance(refunds={RefundResult.OPEN: 1})
    assert performance_of(both, [PAYMENT_ID], 2 * HOUR, PROMISES, NOW).refunds == {}
