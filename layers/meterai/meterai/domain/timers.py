"""When an unfinished item is checked next. An item without a timer is finished.

`next_check_at` is when the sweep checks it next, `deadline_at` is the time promised to a person. A
queue message is the fast way to get a thing done; the timer is the certain one.
"""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta

TIMER_SHARDS = 16  # partitions of the index by due time: 16 x 1,000 writes a second

FIRST_CHECK = timedelta(minutes=3)
CHARGE_TIMEOUT = timedelta(seconds=15)  # longer than its adapter waits for a charge
MACHINES_DIFFER = timedelta(seconds=5)  # the clocks of two workers, at most
AFTER_EXPIRY = timedelta(minutes=1)  # a gateway's clock is not ours
RESEND_AFTER = timedelta(minutes=5)  # a message not taken by then may be lost
UNREACHED_AFTER = timedelta(minutes=30)  # ... even if its lane has not been idle since
UNREACHED_IN_BULK_AFTER = timedelta(hours=6)  # that lane may be hours long, and each copy is work
NEXT_REFUND_CHECK = timedelta(minutes=10)
NEXT_ACCOUNT_CHECK = timedelta(days=1)  # the buyer is asked; the gateway can do no more
NEXT_PAYOUT_CHECK = timedelta(days=1)  # a completed payout may still come back
NEAR_BREACH = timedelta(hours=6)  # before the promise ends: time for an operator to act


@dataclass(frozen=True, slots=True)
class Timer:
    """When to check an item next, and the promised time."""

    next_check_at: datetime
    deadline_at: datetime


def timer_shard(item_id: str) -> int:
    """The shard of the timer index for an item: always the same."""
    return zlib.crc32(item_id.encode()) % TIMER_SHARDS


def next_payment_check(now: datetime, created_at: datetime, expires_at: datetime) -> datetime:
    """When to ask the gateway again: at twice the order's age, then at its expiry, then daily less.

    A lost webhook is noticed after minutes, and an abandoned order is not asked about every minute.
    """
    at = max(now + FIRST_CHECK, created_at + 2 * (now - created_at))
    expiry = expires_at + AFTER_EXPIRY
    return min(at, expiry) if now < expiry else min(at, now + timedelta(hours=1))
