"""Release bulk work: the bulk lane's stampings enter the stamping lane, so many a second and no
more. Applicants come first: bulk gets what they leave.
"""

import logging
from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.bulk import Portions, next_portion
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.ports import BulkReporter, Lanes

logger = logging.getLogger(__name__)

MAX_EMPTY_S = 3


class ReleaseBulkPorts(Protocol):
    """`bulk_reporter` gets what was released, to measure how long bulk work waits."""

    @property
    def lanes(self) -> Lanes: ...
    @property
    def snapshot(self) -> LoadSnapshot | None: ...
    @property
    def bulk_portions(self) -> Portions: ...
    @property
    def bulk_reporter(self) -> BulkReporter: ...


def release_bulk(seconds: Iterable[datetime], ports: ReleaseBulkPorts) -> int:
    """How many stampings were released, over these seconds; it ends early when the lane is empty:
    when nothing came for `MAX_EMPTY_S`. One empty answer says little, since SQS asks only some of
    its servers (docs.aws.amazon.com, "Amazon SQS short and long polling").

    If it is interrupted, what was received becomes visible again: a stamping may be released twice,
    and none is lost. Two concurrent runs release twice as much and do no other harm; the
    function runs alone.
    """
    released = portion = empty_s = 0
    for now in seconds:
        # 1. As much as applicants leave.
        portion = next_portion(portion, ports.snapshot, now, ports.bulk_portions)
        try:
            count = _release(portion, ports)
        except Unavailable as error:
            logger.warning("bulk waits on", extra={"values": error.values})
            continue
        released += count
        empty_s = 0 if count else empty_s + 1
        if empty_s == MAX_EMPTY_S:
            break  # the next run checks again
    if released:
        logger.info("bulk handed on", extra={"count": released})
    return released


def _release(portion: int, ports: ReleaseBulkPorts) -> int:
    released = 0
    while released < portion:
        # 2. Received, and hidden for a while; 3. sent; 4. and only then deleted.
        received = ports.lanes.receive_bulk(portion - released)
        if not received:
            break
        ports.lanes.stamp_taken(received)
        ports.lanes.delete(received)
        ports.bulk_reporter.record_taken(received)
        released += len(received)
    return released
