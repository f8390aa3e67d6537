"""How long a stamp can be proved by the file alone: levels of PAdES (ETSI EN 319 142-1).

What a stamping was asked to reach is written on its e-meterai. A stamp is given out at once, at the
level that could be reached; what is missing is added to a copy by further revisions, which the
e-meterai's clock sees to.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from meterai.domain.clocks import Clock

FIRST_LOOK = timedelta(minutes=5)
PROMISE = timedelta(days=7)  # well before any certificate or revocation list runs out
LONGEST_WAIT = timedelta(hours=6)


class SignatureLevel(StrEnum):
    B_B = "B-B"  # signed; the time is the signer's own word
    B_T = "B-T"  # and a timestamp server's
    B_LT = "B-LT"  # and the file holds what proves the certificates


def clock_until_preserved(
    wanted: SignatureLevel, reached: SignatureLevel, now: datetime
) -> Clock | None:
    """The alarm of a stamp that is finished and not yet what it was to be; None where it is."""
    if wanted is SignatureLevel.B_B or wanted is reached:
        return None
    return Clock(now + FIRST_LOOK, now + PROMISE)


def next_look_at_preservation(now: datetime, stamped_at: datetime) -> datetime:
    """After as long again as it has waited: a timestamp server may be away for a day."""
    return now + min(max(FIRST_LOOK, now - stamped_at), LONGEST_WAIT)
