"""What a receipt contains, and for how long its hour's key is available to sign it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from meterai.domain.days import WIB
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.stamping.receipts import (
    KEPT,
    Receipt,
    ReceiptKey,
    hour_of,
    key_for,
    receipt_of,
    still_kept,
)
from tests.contract.factories import a_stamping, an_order

IDENTITIES = IdDeriver(b"a secret")
HOUR = datetime(2026, 11, 24, 16, tzinfo=UTC)
KEY = ReceiptKey("k-16", HOUR, bytes(32))
MOMENT = timedelta(microseconds=1)
(FIRST,) = a_stamping(an_order(), 0, portal="sscasn")


@pytest.mark.parametrize("at", [HOUR, HOUR + timedelta(hours=1) - MOMENT])
def test_an_hour_is_a_whole_hour_of_utc_in_any_time_zone(at: datetime) -> None:
    assert hour_of(at) == hour_of(at.astimezone(WIB)) == HOUR
    assert hour_of(at.astimezone(WIB)).tzinfo is UTC
    assert key_for([KEY], at) == KEY


def test_a_key_signs_for_its_own_hour_alone() -> None:
    assert key_for([KEY], HOUR - MOMENT) is None
    assert key_for([KEY], HOUR + timedelta(hours=1)) is None


def test_of_two_keys_of_an_hour_the_one_made_first_signs() -> None:
    assert key_for([KEY, replace(KEY, key_id="k-16-again")], HOUR) == KEY


def test_a_key_is_kept_for_a_day_after_the_end_of_its_hour_and_not_a_moment_longer() -> None:
    over = HOUR + timedelta(hours=1) + KEPT
    assert still_kept([KEY], over - MOMENT) == (KEY,)
    assert still_kept([KEY], over) == ()


@pytest.mark.parametrize("paid_first", [True, False])
def test_acceptance_is_the_later_of_request_and_payment_in_whole_seconds(
    *, paid_first: bool
) -> None:
    earlier, later = HOUR + timedelta(seconds=1), HOUR + timedelta(seconds=2, microseconds=999_999)
    paid_at, requested_at = (earlier, later) if paid_first else (later, earlier)
    assert receipt_of(replace(FIRST, requested_at=requested_at), paid_at, IDENTITIES) == Receipt(
        account=IDENTITIES.pseudonym(FIRST.account),
        document=FIRST.document,
        stamping=FIRST.stamping,
        accepted_at=HOUR + timedelta(seconds=2),
        portal="sscasn",
    )
