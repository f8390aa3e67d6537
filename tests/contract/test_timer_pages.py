"""Due timers are read in small pages, and only as many pages as the caller consumes."""

from itertools import islice

import pytest

from meterai.domain.timers import TIMER_SHARDS, Timer, timer_shard
from tests.contract.backends import AwsBackend
from tests.contract.factories import MINUTE, NOW, an_order
from tests.metering import Meter

LATER = NOW + 60 * MINUTE


@pytest.fixture
def five_in_one_shard(moto_backend: AwsBackend, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of orders, oldest first; a page holds two."""
    monkeypatch.setattr("meterai.aws.tables.timer_index.PAGE_SIZE", 2)
    orders = (an_order(str(n), timer=Timer(NOW + n * MINUTE, LATER)) for n in range(1_000))
    five = list(islice((o for o in orders if timer_shard(o.order_id) == 7), 5))
    for order in five:
        moto_backend.orders.put_new(order)
    return [order.order_id for order in five]


def test_every_page_is_read_by_a_caller_that_reads_to_the_end(
    moto_backend: AwsBackend, five_in_one_shard: list[str]
) -> None:
    assert list(moto_backend.order_timers.due(LATER + 1_000 * MINUTE)) == five_in_one_shard


def test_a_page_is_read_only_when_the_one_before_it_is_consumed(
    moto_backend: AwsBackend, five_in_one_shard: list[str]
) -> None:
    with Meter(moto_backend.clients.dynamodb) as meter:
        due = moto_backend.order_timers.due(LATER + 1_000 * MINUTE)
        assert meter.total.requests == 0
        assert next(due) == five_in_one_shard[0]
        assert meter.total.calls == {"dynamodb.Query": TIMER_SHARDS}
        assert list(islice(due, 2)) == five_in_one_shard[1:3]
        assert meter.total.calls == {"dynamodb.Query": TIMER_SHARDS + 1}
