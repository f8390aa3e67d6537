"""Measure: once a second it is written down how long each lane is, for everybody who asks.

The only writer of the snapshot. It goes on from the last one, so that it may end and begin anew at
any moment; beside another one each goes on from what the other wrote, as if they were one.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from meterai.domain.admission import SETTLED as PLACES_SETTLED
from meterai.domain.admission import Admission, Rules, next_admission
from meterai.domain.errors import Unavailable
from meterai.domain.flow import CurvePoint, Lane, LaneFlow, Snapshot, Tally
from meterai.domain.issuing import with_issued
from meterai.domain.measuring import LOST_AFTER, SETTLED, first_flow, next_flow
from meterai.ports import Gauges, Lanes, PortalDeadlines, WaitingRoom

logger = logging.getLogger(__name__)

MEASURED = (
    Lane.PAYMENTS,
    Lane.REFUNDS,
    Lane.URGENT,
    Lane.STAMPING,
    Lane.BULK,
    Lane.PRESERVATION,
)


@dataclass(frozen=True, slots=True)
class Measuring:
    """What the step needs from outside."""

    lanes: Lanes
    gauges: Gauges
    waiting_room: WaitingRoom
    deadlines: PortalDeadlines
    rules: Rules


def measure(beats: Iterable[datetime], needs: Measuring) -> int:
    """How many snapshots were written, over these seconds. Repeatable, and safe beside another."""
    before: Snapshot | None = None
    written = 0
    for now in beats:
        try:
            before = _last(before, needs.gauges.snapshot(), now)
            seen = look(before, now, needs)
            if not needs.gauges.put_snapshot(seen):
                logger.warning("another one measures", extra={"written": written})
                break
        except Unavailable as error:
            logger.warning("a second was not measured", extra={"values": error.values})
            continue
        before = seen
        written += 1
    return written


def _last(mine: Snapshot | None, standing: Snapshot | None, now: datetime) -> Snapshot | None:
    """What to go on from: what this run wrote last, which is more exact than what was read of it;
    unless another run has written since."""
    if mine is None or standing is None:
        return mine or standing
    return standing if mine.at < standing.at <= now else mine


def look(before: Snapshot | None, now: datetime, needs: Measuring) -> Snapshot:
    """The lanes now, going on from what they were. Raises Unavailable."""
    # 1. What the workers have counted since, unless that is too long ago to be told of.
    since = _last_look(before, now)
    tallies = needs.gauges.tallies(since, now - SETTLED) if since < now - SETTLED else ()
    # 2. Each lane: its depth, and what was taken from it.
    lanes = {
        lane: _flow(before, lane, needs.lanes.waiting(lane), tallies, now) for lane in MEASURED
    }
    # 3. By when portals want their files, and who may buy.
    told = needs.deadlines.all()
    deadlines = {one.portal: one.deadline_at for one in told if one.deadline_at is not None}
    honouring = frozenset(one.portal for one in told if one.honours_receipts)
    binding = {name: at for name, at in deadlines.items() if name not in honouring}
    admission = _admission(before, lanes[Lane.STAMPING], tallies, binding, now, needs)
    return Snapshot(now, lanes, admission, deadlines, honouring)


def _last_look(before: Snapshot | None, now: datetime) -> datetime:
    """From when on tallies are to be read: one moment for all lanes."""
    settled = now - SETTLED
    last = min((flow.at for flow in before.lanes.values()), default=settled) if before else settled
    return last if settled - LOST_AFTER <= last else settled


def _flow(
    before: Snapshot | None, lane: Lane, waiting: int, tallies: Sequence[Tally], now: datetime
) -> LaneFlow:
    last = before.lanes.get(lane) if before else None
    if last is None:
        return first_flow(lane, waiting, now)
    own = [tally for tally in tallies if tally.lane is lane and tally.at >= last.at]
    return next_flow(last, waiting, own, now)


def _admission(
    before: Snapshot | None,
    stamping: LaneFlow,
    tallies: Sequence[Tally],
    deadlines: Mapping[str, datetime],
    now: datetime,
    needs: Measuring,
) -> Admission:
    """Moved on by a second. Places are counted only while anybody may hold one."""
    last = before.admission if before else None
    issued: Sequence[CurvePoint] = ()
    if last is not None and not last.is_open:
        issued = (last.room.issued if last.room else ()) or (CurvePoint(last.over, 0.0),)
        after, until = issued[-1].at, now - PLACES_SETTLED
        if after < until:
            issued = with_issued(issued, needs.waiting_room.issued(after, until), until, last.over)
    bought = sum(tally.taken for tally in tallies if tally.lane is Lane.PURCHASES)
    admission = next_admission(last, stamping, issued, bought, deadlines, now, needs.rules)
    if last is not None and (admission.level, admission.is_open) != (last.level, last.is_open):
        # The sentences that an alarm in template.yaml listens to.
        says = "buying resumes" if admission.is_open else "buying paused"
        logger.warning(says, extra={"level": admission.level})
    return admission
