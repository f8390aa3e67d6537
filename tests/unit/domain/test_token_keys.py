"""Keys take turns, and no token outlives its key before its time."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from meterai.domain.refunds.links import CLAIM_LINK_LASTS
from meterai.domain.token_keys import (
    KNOWN_BEFORE,
    MAX_TOKEN_AGE,
    SIGNS_FOR,
    TokenKey,
    replaced,
    rotated,
    signing_key,
)
from tests.generated import examples

MADE_BY_CLOUDFORMATION = TokenKey(datetime(1970, 1, 1, tzinfo=UTC), b"generated")
NOW = datetime(2026, 11, 30, tzinfo=UTC)


class Store:
    """The secret, and what instances remember of it."""

    def __init__(self) -> None:
        self.keys: Sequence[TokenKey] = (MADE_BY_CLOUDFORMATION,)
        self._numbers = count()

    def new_secret(self) -> bytes:
        return str(next(self._numbers)).encode()

    def rotate(self, now: datetime) -> None:
        self.keys = rotated(self.keys, now, self.new_secret)


def test_the_first_key_signs_for_a_day_and_the_next_for_three_months() -> None:
    store = Store()
    store.rotate(NOW)
    first, second = store.keys
    assert second.signs_from == NOW + KNOWN_BEFORE
    assert signing_key(store.keys, second.signs_from - timedelta(microseconds=1)) == first
    assert signing_key(store.keys, second.signs_from) == second
    store.rotate(second.signs_from + SIGNS_FOR - KNOWN_BEFORE - timedelta(microseconds=1))
    assert list(store.keys) == [first, second]
    store.rotate(second.signs_from + SIGNS_FOR - KNOWN_BEFORE)
    third = store.keys[-1]
    assert list(store.keys) == [first, second, third]
    assert third.signs_from == second.signs_from + SIGNS_FOR
    store.rotate(second.signs_from + MAX_TOKEN_AGE)
    assert list(store.keys) == [second, third]


def test_a_key_that_was_prepared_is_no_reason_for_another() -> None:
    store = Store()
    for hours in range(24 * 80):
        store.rotate(NOW + timedelta(hours=hours))
    assert len(store.keys) == 2


def test_the_order_in_which_keys_are_stored_says_nothing() -> None:
    store = Store()
    store.rotate(NOW)
    assert set(rotated(store.keys[::-1], NOW, store.new_secret)) == set(store.keys)


def test_after_a_leak_one_key_is_left_and_signs_at_once() -> None:
    store = Store()
    (key,) = replaced(NOW, store.new_secret)
    assert signing_key([key], NOW) == key
    assert rotated([key], NOW, store.new_secret) == (key,)


def test_where_no_time_has_come_the_oldest_signs() -> None:
    ahead = [TokenKey(NOW + timedelta(days), b"") for days in (2, 1)]
    assert signing_key(ahead, NOW) == ahead[1]


def test_a_key_does_not_show_its_secret() -> None:
    assert "generated" not in repr(MADE_BY_CLOUDFORMATION)
    assert "generated" not in MADE_BY_CLOUDFORMATION.signature("purpose", "part")


@examples(30)
@given(st.lists(st.integers(1, 100 * 24), min_size=1, max_size=20), st.integers(0, 23))
def test_every_token_is_read_for_its_time_by_all_who_read_the_keys_within_a_day(
    pauses_h: list[int], lag_h: int
) -> None:
    """Runs are late or missed. One instance signs with the keys of now; another reads the token
    with keys that it has read hours before."""
    store, now = Store(), NOW
    known = [(NOW - KNOWN_BEFORE, store.keys)]  # what was stored since when

    def seen(at: datetime) -> Sequence[TokenKey]:
        return next(keys for since, keys in reversed(known) if since <= at)

    signed: list[tuple[datetime, str]] = []
    for pause in pauses_h:
        store.rotate(now)
        known.append((now, store.keys))
        assert len(store.keys) <= 3
        for hours in range(0, pause, 36):
            at = now + timedelta(hours=hours)
            token = signing_key(seen(at), at).key_id
            assert token in {key.key_id for key in seen(at - timedelta(hours=lag_h))}
            signed.append((at, token))
        now += timedelta(hours=pause)
        held = {key.key_id for key in store.keys}
        alive = {token for at, token in signed if now - at < MAX_TOKEN_AGE}
        assert alive <= held


def test_no_link_lasts_longer_than_its_key_is_kept() -> None:
    assert CLAIM_LINK_LASTS < MAX_TOKEN_AGE
