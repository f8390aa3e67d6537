"""Feed bulk: the bulk lane's stampings enter the stamping lane, so many in a second and no more.

The order of recovery is the order of the lanes: applicants first, then this.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.errors import Unavailable
from meterai.domain.waiting.bulk import Portions, next_portion
from meterai.domain.waiting.queue_status import LoadSnapshot
from meterai.ports import Lanes, TakenOut

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReleaseBulkPorts:
    """What the step needs from outside. `snapshot` is asked anew for each second; `took` is told
    what was handed on, to measure how long bulk waits, and never fails."""

    lanes: Lanes
    snapshot: Callable[[], LoadSnapshot | None]
    portions: Portions
    record_batch: Callable[[Sequence[TakenOut]], None]


def release_bulk(beats: Iterable[datetime], ports: ReleaseBulkPorts) -> int:
    """How many stampings were handed on, over these seconds; it ends early with the lane.

    Cut off anywhere, what was taken out comes back: a stamping may be handed on twice, and none is
    lost. Two at once feed twice as much and do no other harm.
    """
    fed = count = 0
    for now in beats:
        # 1. As much as applicants leave.
        count = next_portion(count, ports.snapshot(), now, ports.portions)
        try:
            handed_on = _hand_on(count, ports)
        except Unavailable as error:
            logger.warning("bulk waits on", extra={"values": error.values})
            continue
        fed += handed_on
        if handed_on < count:
            break  # nothing more is at hand; the next run looks again
    if fed:
        logger.info("bulk handed on", extra={"count": fed})
    return fed


def _hand_on(count: int, ports: ReleaseBulkPorts) -> int:
    handed_on = 0
    while handed_on < count:
        # 2. Taken out for a while, 3. sent, 4. and only then struck off.
        taken = ports.lanes.receive_bulk(count - handed_on)
        if not taken:
            break
        ports.lanes.stamp_taken(taken)
        ports.lanes.delete(taken)
        ports.record_batch(taken)
        handed_on += len(taken)
    return handed_on
