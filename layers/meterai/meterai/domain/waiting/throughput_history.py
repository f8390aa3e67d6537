"""How fast each lane was taken over the last minutes, for people to look at.

A rush writes more samples than anybody should read at once. So a few seconds are read of each half
minute. A worker reports about every two seconds, so that each has its part in them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from meterai.domain.waiting.queue_status import Lane, ThroughputSample

OVER = timedelta(minutes=5)
EVERY = timedelta(seconds=30)
READ = timedelta(seconds=4)  # of each
SETTLED = timedelta(seconds=3)  # by then a sample can be read
SECOND = timedelta(seconds=1)


def windows(now: datetime) -> Iterator[tuple[datetime, datetime]]:
    """What is to be read, oldest first."""
    for number in reversed(range(OVER // EVERY)):
        until = now - SETTLED - number * EVERY
        yield until - READ, until


def rates_per_s(read: Sequence[Sequence[ThroughputSample]]) -> Mapping[Lane, tuple[float, ...]]:
    """What each lane took a second in each window; lanes of which nothing was taken are left
    out. Where nobody waited long, workers report nothing."""
    taken = [Counter[Lane]() for _ in read]
    for count, samples in zip(taken, read, strict=True):
        for sample in samples:
            count[sample.lane] += sample.taken
    lanes = [lane for lane in Lane if any(count[lane] for count in taken)]
    return {lane: tuple(count[lane] / (READ / SECOND) for count in taken) for lane in lanes}
