"""When an order's payment is next checked: always later, and never long after its expiry."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.timers import (
    AFTER_EXPIRY,
    FIRST_CHECK,
    TIMER_SHARDS,
    next_payment_check,
    timer_shard,
)
from tests.generated import examples
from tests.unit.domain.facts import NOW

EXPIRY = NOW + timedelta(minutes=15)
spans = st.timedeltas(timedelta(0), timedelta(days=3))


@examples(80)
@given(spans, spans)
def test_the_next_check_is_always_later_and_within_the_hour_or_at_the_expiry(
    age: timedelta, poll_limiter: timedelta
) -> None:
    now, expiry = NOW + age, NOW + poll_limiter
    at = next_payment_check(now, NOW, expiry)
    assert now < at
    if now < expiry + AFTER_EXPIRY:
        assert at <= expiry + AFTER_EXPIRY
    else:
        assert at <= now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes_old", "looked_at_after"),
    [(0, 3), (3, 6), (6, 12), (12, 16), (15.9, 16), (16, 32), (61, 121), (3000, 3060)],
)
def test_it_is_checked_at_twice_its_age_then_at_the_expiry_then_hourly(
    minutes_old: float, looked_at_after: float
) -> None:
    now = NOW + timedelta(minutes=minutes_old)
    at = next_payment_check(now, NOW, EXPIRY)
    assert at == NOW + timedelta(minutes=looked_at_after)


def test_the_first_check_is_after_three_minutes() -> None:
    assert next_payment_check(NOW, NOW, EXPIRY) == NOW + FIRST_CHECK


def test_items_spread_over_all_shards() -> None:
    shards = [timer_shard(f"ord_{n}") for n in range(1_600)]
    assert set(shards) == set(range(TIMER_SHARDS))
    assert max(shards.count(shard) for shard in range(TIMER_SHARDS)) < 150
