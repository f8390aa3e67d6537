"""Clients that poll much sooner than their last answer said are refused for a while (429).

The limit is kept in memory per instance and costs no call, so it is best effort: the limit over all
instances is API Gateway's. A refused client loses nothing but an answer.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from meterai.domain.errors import TooManyRequests

MAX_CLIENTS = 10_000  # remembered; the one that was answered longest ago is forgotten first
MAX_EARLY_POLLS = 5  # a reload, another tab, a second device
MAX_WAIT = timedelta(minutes=2)  # if the clock was set back, a wait must not last for ever

Client = tuple[str, ...]


@dataclass(slots=True)
class _Wait:
    until: datetime
    early_polls: int = 0


@dataclass(slots=True)
class PollLimiter:
    """One instance's. A client is an account and the item it reads."""

    _waits: OrderedDict[Client, _Wait] = field(default_factory=OrderedDict)

    def check(self, client: Client, now: datetime) -> None:
        """Never refuses a first request. Raises TooManyRequests."""
        wait = self._waits.get(client)
        if wait is None or not _is_running(wait, now):
            return
        wait.early_polls += 1
        if wait.early_polls > MAX_EARLY_POLLS:
            left_s = (wait.until - now).total_seconds()
            raise TooManyRequests(retry_after_s=math.ceil(left_s))

    def record(self, client: Client, poll_after_ms: int | None, now: datetime) -> None:
        """When the answer told the client to poll next. An early poll starts no new wait."""
        wait = self._waits.get(client)
        if wait is not None and _is_running(wait, now):
            return
        if poll_after_ms is None:  # nothing is awaited: the client has no reason to poll
            self._waits.pop(client, None)
            return
        self._waits[client] = _Wait(now + timedelta(milliseconds=poll_after_ms))
        self._waits.move_to_end(client)
        while len(self._waits) > MAX_CLIENTS:
            self._waits.popitem(last=False)


def _is_running(wait: _Wait, now: datetime) -> bool:
    return timedelta(0) < wait.until - now <= MAX_WAIT
