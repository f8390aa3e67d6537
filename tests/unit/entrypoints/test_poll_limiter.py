"""PollLimiter: clients that poll far too often must wait, and no others."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.errors import TooManyRequests
from meterai.entrypoints.poll_limiter import MAX_CLIENTS, MAX_EARLY_POLLS, PollLimiter

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BUDI = ("budi", "stamping")


def limiter_after_an_answer(poll_after_ms: int | None = 10_000) -> PollLimiter:
    poll_limiter = PollLimiter()
    poll_limiter.check(BUDI, NOW)
    poll_limiter.record(BUDI, poll_after_ms, NOW)
    return poll_limiter


def impatient(poll_limiter: PollLimiter, polls: int, at: datetime = NOW + SECOND) -> None:
    for _ in range(polls):
        poll_limiter.check(BUDI, at)
        poll_limiter.record(BUDI, 10_000, at)


def test_a_few_early_polls_are_answered() -> None:
    impatient(limiter_after_an_answer(), MAX_EARLY_POLLS)


def test_one_early_poll_too_many_is_refused_with_the_time_to_retry() -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, MAX_EARLY_POLLS)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            poll_limiter.check(BUDI, NOW + 4 * SECOND)
        assert refused.value.values == {"retry_after_s": 6}


def test_after_the_wait_a_client_is_answered_whatever_it_did_before() -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, MAX_EARLY_POLLS)
    poll_limiter.check(BUDI, NOW + 10 * SECOND)
    poll_limiter.record(BUDI, 10_000, NOW + 10 * SECOND)
    impatient(poll_limiter, MAX_EARLY_POLLS, NOW + 11 * SECOND)


def test_an_early_poll_does_not_extend_the_wait() -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, 1, NOW + 9 * SECOND)
    for _ in range(MAX_EARLY_POLLS + 1):
        poll_limiter.check(BUDI, NOW + 10 * SECOND)


def test_without_a_stated_wait_any_number_of_polls_is_answered() -> None:
    poll_limiter = limiter_after_an_answer(poll_after_ms=None)
    for _ in range(100):
        poll_limiter.check(BUDI, NOW)


def test_one_clients_polling_does_not_limit_another() -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, MAX_EARLY_POLLS)
    poll_limiter.check(("siti", "stamping"), NOW + SECOND)
    poll_limiter.check(("budi", "another"), NOW + SECOND)


@pytest.mark.parametrize("jump", [timedelta(days=1), -timedelta(days=1)])
def test_a_clock_that_jumps_refuses_no_client(jump: timedelta) -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, MAX_EARLY_POLLS)
    for _ in range(MAX_EARLY_POLLS + 1):
        poll_limiter.check(BUDI, NOW + jump)


def test_it_remembers_a_limited_number_of_clients() -> None:
    poll_limiter = limiter_after_an_answer()
    impatient(poll_limiter, MAX_EARLY_POLLS)
    for n in range(MAX_CLIENTS):
        poll_limiter.record((str(n), "stamping"), 10_000, NOW)
    poll_limiter.check(BUDI, NOW + SECOND)  # forgotten
