"""When an order's payment is looked at next: always later, and never long after its expiry."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterai.domain.clocks import (
    AFTER_EXPIRY,
    DUE_SHARDS,
    FIRST_LOOK,
    due_shard,
    next_look_at_payment,
)
from tests.unit.domain.facts import NOW

EXPIRY = NOW + timedelta(minutes=15)
spans = st.timedeltas(timedelta(0), timedelta(days=3))


@settings(max_examples=80, deadline=None)
@given(spans, spans)
def test_the_next_look_is_always_later_and_within_the_hour_or_at_the_expiry(
    age: timedelta, patience: timedelta
) -> None:
    now, expiry = NOW + age, NOW + patience
    at = next_look_at_payment(now, NOW, expiry)
    assert now < at
    if now < expiry + AFTER_EXPIRY:
        assert at <= expiry + AFTER_EXPIRY
    else:
        assert at <= now + timedelta(hours=1)


@pytest.mark.parametrize(
    ("minutes_old", "looked_at_after"),
    [(0, 3), (3, 6), (6, 12), (12, 16), (15.9, 16), (16, 32), (61, 121), (3000, 3060)],
)
def test_it_is_asked_at_twice_the_age_then_at_the_expiry_then_hourly(
    minutes_old: float, looked_at_after: float
) -> None:
    now = NOW + timedelta(minutes=minutes_old)
    at = next_look_at_payment(now, NOW, EXPIRY)
    assert at == NOW + timedelta(minutes=looked_at_after)


def test_the_first_look_is_after_three_minutes() -> None:
    assert next_look_at_payment(NOW, NOW, EXPIRY) == NOW + FIRST_LOOK


def test_items_spread_over_all_shards() -> None:
    shards = [due_shard(f"ord_{n}") for n in range(1_600)]
    assert set(shards) == set(range(DUE_SHARDS))
    assert max(shards.count(shard) for shard in range(DUE_SHARDS)) < 150
