"""How long a stamp can be proved from the file alone: levels of PAdES (ETSI EN 319 142-1).

The level that a stamping is to reach is stored with its e-meterai. A stamp is delivered at once, at
the level reached so far; the rest is added to a copy by further revisions, and the e-meterai's
timer makes sure of it.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from meterai.domain.timers import Timer

FIRST_CHECK = timedelta(minutes=5)
PROMISE = timedelta(days=7)  # well before any certificate or revocation list runs out
MAX_WAIT = timedelta(hours=6)


class SignatureLevel(StrEnum):
    B_B = "B-B"  # signed; the signer states the time
    B_T = "B-T"  # and a timestamp server's
    B_LT = "B-LT"  # and the file holds what proves the certificates


def timer_until_augmented(
    wanted: SignatureLevel, reached: SignatureLevel, now: datetime
) -> Timer | None:
    """The timer of a stamp that is finished below the wanted level; None if it has that level."""
    if wanted is SignatureLevel.B_B or wanted is reached:
        return None
    return Timer(now + FIRST_CHECK, now + PROMISE)


def next_augmentation_check(now: datetime, stamped_at: datetime) -> datetime:
    """After as long again as it has waited: a timestamp server may be down for a day."""
    return now + min(max(FIRST_CHECK, now - stamped_at), MAX_WAIT)
