"""Who asks much sooner than he was told to is asked to wait: by this instance's memory alone.

No call is made for it, so it holds back only who meets the same instance again, which is who hurts
it; what many instances bear is API Gateway's to limit. Nobody loses anything but an answer.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import TooManyRequests

REMEMBERED = 10_000  # askers; the longest silent is forgotten first
EARLY_POLLS = 5  # before the time is over: a reload, another tab, a phone beside
LONGEST = timedelta(minutes=2)  # a clock that was set back must not shut anybody out

Asker = tuple[str, ...]


@dataclass(slots=True)
class _Told:
    until: datetime
    early: int = 0


@dataclass(slots=True)
class PollLimiter:
    """One instance's. An asker is an account and what it asks about."""

    _told: OrderedDict[Asker, _Told] = field(default_factory=OrderedDict)

    def check(self, asker: Asker, now: datetime) -> None:
        """Never refuses a first look. Raises TooManyRequests."""
        told = self._told.get(asker)
        if told is None or not timedelta(0) < told.until - now <= LONGEST:
            return
        told.early += 1
        if told.early > EARLY_POLLS:
            left_s = (told.until - now).total_seconds()
            raise TooManyRequests(retry_after_s=math.ceil(left_s))

    def record(self, asker: Asker, poll_after_ms: int | None, now: datetime) -> None:
        """What the asker was answered. An early look does not begin a new time."""
        told = self._told.get(asker)
        if told is not None and timedelta(0) < told.until - now <= LONGEST:
            return
        if poll_after_ms is None:  # nothing is awaited: nobody comes again for it
            self._told.pop(asker, None)
            return
        self._told[asker] = _Told(now + timedelta(milliseconds=poll_after_ms))
        self._told.move_to_end(asker)
        while len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
