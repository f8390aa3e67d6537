"""The simulation's answers as table rows and as JSON."""

from typing import Any

from tests.capacity.curve import STAMPS_A_PERSON
from tests.capacity.outcome import LimitMet, Outcome

HEADINGS = (
    "variant",
    "stamped",
    "paid, not stamped",
    "paid to stamped, p50 / p99",
    "in the waiting room at most",
    "lane busy meanwhile",
    "stopped first by",
    "all done after",
)


def row(outcome: Outcome) -> tuple[str, ...]:
    """As the columns of HEADINGS say."""
    stamps = STAMPS_A_PERSON * outcome.came
    served = outcome.served
    waits = f"{length(served.quantile_s(0.5))} / {length(served.quantile_s(0.99))}"
    return (
        outcome.variant,
        f"{outcome.stamped_stamps / stamps:.0%} of {stamps / 1e6:.2f} M",
        f"{outcome.unserved_stamps:,}",
        waits if served.count else "nobody",
        f"{outcome.max_in_room:,}" if outcome.max_in_room else "",
        "" if outcome.busy_share is None else f"{outcome.busy_share:.0%}",
        first_limit(outcome),
        "never" if outcome.drained_s is None else length(outcome.drained_s),
    )


def first_limit(outcome: Outcome) -> str:
    """The limit that first refused a request, and when; if none did, the one that came closest."""
    first = outcome.limits[0]
    if first.first_s is not None:
        return f"{first.name}, after {length(first.first_s)}"
    nearest = max(outcome.limits, key=_use)
    return f"nothing; {nearest.name} came to {_use(nearest):.0%}"


def _use(limit: LimitMet) -> float:
    return limit.peak_per_s / limit.per_s


def length(seconds: float) -> str:
    """In the unit that makes it shortest."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 100 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.0f} h" if seconds < 100 * 3600 else f"{seconds / 86400:.0f} d"


def as_json(outcome: Outcome) -> dict[str, Any]:
    """For out/capacity.json. Counts are of people, unless a name says stamps."""
    return {
        "variant": outcome.variant,
        "came": outcome.came,
        "ordered": outcome.ordered,
        "paid": outcome.paid,
        "left_before_paying": outcome.left,
        "stamped_stamps": outcome.stamped_stamps,
        "paid_not_stamped_stamps": outcome.unserved_stamps,
        "stamped_by_deadline_stamps": outcome.stamped_by_deadline,
        "payment_to_stamp_s": {
            f"p{round(100 * share)}": round(outcome.served.quantile_s(share), 1)
            for share in (0.5, 0.9, 0.99)
        },
        "stamping_lane_dwell_s": {
            f"p{round(100 * share)}": round(outcome.dwells.quantile_s(share), 2)
            for share in (0.5, 0.9, 0.99)
        },
        "max_waiting_for_a_stamp": outcome.max_waiting,
        "max_in_waiting_room": outcome.max_in_room,
        "lane_busy_share_while_people_wait": outcome.busy_share,
        "buying_closed_s": round(outcome.closed_s),
        "drained_after_s": outcome.drained_s,
        "dead_letters": outcome.dead,
        "usd": round(outcome.usd, 2),
        "max_running": dict(outcome.max_running),
        "limits": [
            {
                "name": one.name,
                "per_s": round(one.per_s, 1),
                "peak_per_s": round(one.peak_per_s, 1),
                "refused": round(one.refused),
                "first_after_s": None if one.first_s is None else round(one.first_s, 1),
            }
            for one in outcome.limits
        ],
    }
