"""A request above a limit is refused or waits, and the limit records when that began."""

from tests.capacity.function import Function
from tests.capacity.quotas import ApiQuota, GrowingQuota, Quota


def test_a_bucket_serves_its_burst_and_then_its_rate() -> None:
    quota = Quota("calls", 100, burst=50)
    assert quota.may_take(0, 50)
    assert not quota.may_take(0, 1)
    assert quota.first_refused_s == 0
    assert quota.may_take(0.5, 50)


def test_a_wait_includes_that_of_earlier_requests() -> None:
    quota = Quota("signs", 100, burst=100)
    assert [quota.wait_s(0, 100, 1.5) for _ in range(3)] == [0, 1, None]


def test_a_table_doubles_once_half_an_hour_has_passed() -> None:
    table = GrowingQuota("writes", 4_000, 1_800)
    rates = []
    for second in range(0, 7_200, 60):
        table.wait_s(second, 60 * 10_000, 1e9)
        table.close_interval(60)
        rates.append(table.per_s)
    assert rates[0] == 4_000
    assert rates[-1] == 20_000  # twice the demand, and no more
    assert {4_000, 8_000, 16_000, 20_000} == set(rates)


def test_an_index_over_few_shards_never_takes_more_than_their_partitions() -> None:
    index = GrowingQuota("writes", 4_000, 60, max_per_s=6_000)
    for second in range(0, 600, 60):
        index.wait_s(second, 60 * 10_000, 1e9)
        index.close_interval(60)
    assert index.per_s == 6_000


def test_polls_and_other_requests_are_refused_in_the_same_share() -> None:
    api = ApiQuota("requests", 2_500, 1_250)
    let_through = api.stream(0, 10_000, 1)
    assert let_through == 2_500
    assert sum(api.may_take(second, 100) for second in range(1, 20)) < 19


def test_a_function_adds_a_thousand_environments_at_once_and_then_a_hundred_a_second() -> None:
    function = Function("stamp", 10_000, cold_s=1, memory_mb=128)
    assert function.begin(0, 1_000) == 1
    assert function.begin(0, 1) is None
    assert function.begin(1, 100) == 1
    function.end(1_100, 0.5)
    assert function.begin(1, 1_100) == 0  # all of them warm
    assert function.busy_s == 550
