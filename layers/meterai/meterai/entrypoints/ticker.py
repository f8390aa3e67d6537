"""A function that a schedule starts each minute, and that works each second of it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime


def each_second(for_s: float) -> Iterator[datetime]:
    """Now, and each second after until so long has passed. What takes longer than a second has its
    next beat at once, and the beats that it missed are left out."""
    began_s = time.monotonic()
    beat = 0
    while beat == 0 or beat <= for_s:
        time.sleep(max(0.0, began_s + beat - time.monotonic()))
        yield datetime.now(UTC)
        beat = max(beat + 1, int(time.monotonic() - began_s))
