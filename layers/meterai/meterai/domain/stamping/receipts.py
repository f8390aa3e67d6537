"""Deadline receipts: a signed statement that a document was accepted for stamping, so that a
portal can honour "was in the queue in time" instead of moving its deadline.

Each hour has a key of its own. A receipt is signed with the key of the hour in which it was
accepted, and with no other: a stolen key can date nothing back beyond its hour, and the
same stamping has the same receipt however often it is asked for.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai

KEY_LASTS = timedelta(hours=1)
KEPT = timedelta(hours=24)  # later the receipt cannot be issued again; copies stay valid


@dataclass(frozen=True, slots=True)
class Receipt:
    """`account` is its pseudonym; `accepted_at` is in whole seconds, by when it was paid too."""

    account: str
    document: str  # SHA-256, 64 hex digits
    stamping: Serial
    accepted_at: datetime
    portal: str | None  # whose deadline it may have been in time for


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """An Ed25519 key (RFC 8032) for the receipts of one hour."""

    key_id: str
    hour: datetime
    private: bytes = field(repr=False)  # 32 bytes


def receipt_of(first: EMeterai, accepted_at: datetime, id_deriver: IdDeriver) -> Receipt:
    """Of a stamping, by its first e-meterai. It counts as accepted once it was asked for and paid,
    whichever was later."""
    return Receipt(
        account=id_deriver.pseudonym(first.account),
        document=first.document,
        stamping=first.stamping,
        accepted_at=max(accepted_at, first.requested_at).replace(microsecond=0),
        portal=first.portal,
    )


def has_receipt(first: EMeterai, paid_at: datetime | None, now: datetime) -> bool:
    """Whether it was accepted, and so lately that its receipt can still be issued."""
    return paid_at is not None and now < max(paid_at, first.requested_at) + KEPT


def hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def hours_without_key(keys: Sequence[ReceiptKey], now: datetime) -> tuple[datetime, ...]:
    """Of this hour and the next, which is made beforehand."""
    made = {key.hour for key in keys}
    this = hour_of(now)
    return tuple(hour for hour in (this, this + KEY_LASTS) if hour not in made)


def still_kept(keys: Sequence[ReceiptKey], now: datetime) -> tuple[ReceiptKey, ...]:
    """Also for what was accepted at the end of a key's hour."""
    return tuple(key for key in keys if key.hour + KEY_LASTS + KEPT > now)


def key_for(keys: Sequence[ReceiptKey], accepted_at: datetime) -> ReceiptKey | None:
    """The first that was made for that hour."""
    hour = hour_of(accepted_at)
    return next((key for key in keys if key.hour == hour), None)
