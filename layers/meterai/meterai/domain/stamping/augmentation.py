"""How long a stamp can be proved by the file alone: levels of PAdES (ETSI EN 319 142-1).

What a stamping was asked to reach is written on its e-meterai. A stamp is given out at once, at the
level that could be reached; what is missing is added to a copy by further revisions, which the
e-meterai's clock sees to.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from meterai.domain.timers import Timer

FIRST_CHECK = timedelta(minutes=5)
PROMISE = timedelta(days=7)  # well before any certificate or revocation list runs out
MAX_WAIT = timedelta(hours=6)


class SignatureLevel(StrEnum):
    B_B = "B-B"  # signed; the time is the signer's own word
    B_T = "B-T"  # and a timestamp server's
    B_LT = "B-LT"  # and the file holds what proves the certificates


def timer_until_augmented(
    wanted: SignatureLevel, reached: SignatureLevel, now: datetime
) -> Timer | None:
    """The alarm of a stamp that is finished and not yet what it was to be; None where it is."""
    if wanted is SignatureLevel.B_B or wanted is reached:
        return None
    return Timer(now + FIRST_CHECK, now + PROMISE)


def next_augmentation_check(now: datetime, stamped_at: datetime) -> datetime:
    """After as long again as it has waited: a timestamp server may be away for a day."""
    return now + min(max(FIRST_CHECK, now - stamped_at), MAX_WAIT)
