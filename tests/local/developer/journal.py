"""What the page's buttons did, the newest first."""

import threading
from collections import deque
from datetime import UTC, datetime
from typing import NamedTuple

_KEPT = 8


class Entry(NamedTuple):
    """`look`: what to look at now."""

    at: datetime
    done: str
    look: str
    went_wrong: bool


class Journal:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[Entry] = deque(maxlen=_KEPT)

    def add(self, done: str, look: str = "", *, went_wrong: bool = False) -> None:
        with self._lock:
            self._entries.appendleft(Entry(datetime.now(UTC), done, look, went_wrong))

    def entries(self) -> list[Entry]:
        with self._lock:
            return list(self._entries)
