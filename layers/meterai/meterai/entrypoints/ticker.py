"""A function that a schedule starts each minute, and that works each second of it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime


def each_second(for_s: float) -> Iterator[datetime]:
    """Now, and each second after that until so long has passed. If the work of a second takes
    longer, the next one follows at once, and those missed are left out."""
    began_s = time.monotonic()
    second = 0
    while second == 0 or second <= for_s:
        time.sleep(max(0.0, began_s + second - time.monotonic()))
        yield datetime.now(UTC)
        second = max(second + 1, int(time.monotonic() - began_s))
