"""Patience: who asks far too often is asked to wait, and nobody else."""

from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.errors import TooManyRequests
from meterai.entry.patience import EARLY_LOOKS, REMEMBERED, Patience

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
BUDI = ("budi", "stamping")


def told(poll_after_ms: int | None = 10_000) -> Patience:
    patience = Patience()
    patience.ask(BUDI, NOW)
    patience.tell(BUDI, poll_after_ms, NOW)
    return patience


def impatient(patience: Patience, looks: int, at: datetime = NOW + SECOND) -> None:
    for _ in range(looks):
        patience.ask(BUDI, at)
        patience.tell(BUDI, 10_000, at)


def test_some_early_looks_are_nothing_to_speak_of() -> None:
    impatient(told(), EARLY_LOOKS)


def test_one_look_more_is_refused_and_told_when_to_come() -> None:
    patience = told()
    impatient(patience, EARLY_LOOKS)
    for _ in range(3):
        with pytest.raises(TooManyRequests) as refused:
            patience.ask(BUDI, NOW + 4 * SECOND)
        assert refused.value.values == {"retry_after_s": 6}


def test_whoever_waited_is_answered_whatever_he_did_before() -> None:
    patience = told()
    impatient(patience, EARLY_LOOKS)
    patience.ask(BUDI, NOW + 10 * SECOND)
    patience.tell(BUDI, 10_000, NOW + 10 * SECOND)
    impatient(patience, EARLY_LOOKS, NOW + 11 * SECOND)


def test_an_early_look_puts_nothing_off() -> None:
    patience = told()
    impatient(patience, 1, NOW + 9 * SECOND)
    for _ in range(EARLY_LOOKS + 1):
        patience.ask(BUDI, NOW + 10 * SECOND)


def test_where_nothing_is_awaited_one_may_look_as_often_as_one_likes() -> None:
    patience = told(poll_after_ms=None)
    for _ in range(100):
        patience.ask(BUDI, NOW)


def test_one_persons_impatience_is_nobody_elses() -> None:
    patience = told()
    impatient(patience, EARLY_LOOKS)
    patience.ask(("siti", "stamping"), NOW + SECOND)
    patience.ask(("budi", "another"), NOW + SECOND)


@pytest.mark.parametrize("jump", [timedelta(days=1), -timedelta(days=1)])
def test_a_clock_that_jumps_shuts_nobody_out(jump: timedelta) -> None:
    patience = told()
    impatient(patience, EARLY_LOOKS)
    for _ in range(EARLY_LOOKS + 1):
        patience.ask(BUDI, NOW + jump)


def test_it_remembers_so_many_and_no_more() -> None:
    patience = told()
    impatient(patience, EARLY_LOOKS)
    for n in range(REMEMBERED):
        patience.tell((str(n), "stamping"), 10_000, NOW)
    patience.ask(BUDI, NOW + SECOND)  # forgotten
