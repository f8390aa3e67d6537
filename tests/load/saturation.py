"""What gives out first on this machine: measured over its busiest ten seconds."""

import os

from meterai.domain.waiting.queue_status import Lane
from tests.load.figures import Run

BUSY = 0.9  # of what it has
# One interpreter each, that does one thing at a time: a processor is all that they can use.
ONE_PROCESSOR = ("local account", "ministack", "load generator")


def saturation(run: Run) -> str:
    """One sentence."""
    ends = run.record.busiest()
    if ends is None:
        return "The run was too short to say what gives out first."
    first, last = ends
    length_s = last.at_s - first.at_s
    shares = {name: (last.spent[name] - first.spent[name]) / length_s for name in last.spent}
    every = shares.pop("all")
    others = max(0.0, every - sum(shares.values()))
    whose = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
    deepest = max(
        (second.snapshot.lanes[Lane.STAMPING].waiting, second.at_s - run.began_s)
        for second in run.record.seconds
        if second.snapshot is not None
    )
    return (
        f"Saturated first: {_first(shares, every)} (in the busiest 10 s: {whose}, "
        f"everything else here {others:.2f}); the stamping lane was at most {deepest[0]:,} deep, "
        f"{deepest[1]:.0f} s after the beginning. That is this machine's capacity, not AWS's."
    )


def _first(shares: dict[str, float], every: float) -> str:
    for name in ONE_PROCESSOR:
        if shares[name] >= BUSY:
            return f"the {name}, one process, {shares[name]:.2f} of a processor"
    processors = os.cpu_count() or 1
    if every >= BUSY * processors:
        return f"the machine's {processors} processors, {every:.2f} of them busy"
    return f"nothing, {every:.2f} of {processors} processors were busy"
