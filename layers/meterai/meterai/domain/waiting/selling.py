"""Whether anything is sold at all: only what can be stamped, and only until an operator stops it.
Who may buy in a rush is another question (`admission_control.py`)."""

from datetime import datetime
from enum import StrEnum


class Closed(StrEnum):
    """Why nothing is sold."""

    SWITCHED_OFF = "switched_off"
    NO_SIGNING_IDENTITY = "no_signing_identity"


def why_closed(signs_until: datetime | None, now: datetime, *, switched_off: bool) -> Closed | None:
    """None: e-meterai are sold. `signs_until`: when the certificate that signs expires; None where
    none is installed."""
    if switched_off:
        return Closed.SWITCHED_OFF
    if signs_until is None or signs_until <= now:
        return Closed.NO_SIGNING_IDENTITY
    return None
