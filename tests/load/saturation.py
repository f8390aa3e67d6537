"""What limits the run on this machine, measured over its busiest ten seconds."""

import os

from meterai.domain.waiting.queue_status import Lane
from tests.load.figures import Run

BUSY = 0.9  # of its processors
# Each is one interpreter, which can use one processor.
ONE_PROCESSOR = ("local account", "ministack", "load generator")


def saturation(run: Run) -> str:
    """One sentence."""
    ends = run.recorder.busiest()
    if ends is None:
        return "The run was too short to say what is saturated first."
    first, last = ends
    length_s = last.at_s - first.at_s
    shares = {name: (last.spent[name] - first.spent[name]) / length_s for name in last.spent}
    every = shares.pop("all")
    others = max(0.0, every - sum(shares.values()))
    whose = ", ".join(f"{name} {share:.2f}" for name, share in shares.items())
    deepest = max(
        (sample.snapshot.lanes[Lane.STAMPING].waiting, sample.at_s - run.began_s)
        for sample in run.recorder.samples
        if sample.snapshot is not None
    )
    return (
        f"Saturated first: {_first(shares, every)} (in the busiest 10 s: {whose}, "
        f"everything else here {others:.2f}); the stamping lane was at most {deepest[0]:,} deep, "
        f"{deepest[1]:.0f} s after the start. That is this machine's capacity, not AWS's."
    )


def _first(shares: dict[str, float], every: float) -> str:
    for name in ONE_PROCESSOR:
        if shares[name] >= BUSY:
            return f"the {name}, one process, {shares[name]:.2f} of a processor"
    processors = os.cpu_count() or 1
    if every >= BUSY * processors:
        return f"the machine's {processors} processors, {every:.2f} of them busy"
    return f"nothing, {every:.2f} of {processors} processors were busy"
