"""The simulator beside the measured load run (`make load`): the same arrivals and handling times,
and the waits of both."""

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import simpy

from tests.capacity.function import Function
from tests.capacity.lane import LaneSize, QueueLane
from tests.capacity.waits import Waits

LOAD = Path(__file__).parents[2] / "out/load.json"
SKIPPED = "The load run was not compared: {path} is not there, and `make load` writes it."


@dataclass(frozen=True, slots=True)
class Comparison:
    """Quantiles of the stamping lane's waits, in seconds: measured, and simulated."""

    measured_s: dict[str, float]
    simulated_s: dict[str, float]


def compare(path: Path = LOAD, *, seed: int = 1) -> Comparison | str:
    """Read what `make load` writes under "stamping": when each message was sent (`sent_s`), how
    long batches took (`took_s`), the number of `workers`, the `batch` size, and the waits
    (`waits_s`, by "p50", "p95", "p99"). Without it, a sentence that says how to get it."""
    if not path.exists():
        return SKIPPED.format(path=path.name)
    lane = json.loads(path.read_text(encoding="utf-8")).get("stamping")
    needed = {"sent_s", "took_s", "workers", "batch", "waits_s"}
    if not isinstance(lane, dict) or not needed <= set(lane):
        return f"The load run was not compared: {path.name} lacks `stamping` with {sorted(needed)}."
    dwells = replay(lane, seed)
    shares = {name: float(name.removeprefix("p")) / 100 for name in lane["waits_s"]}
    return Comparison(
        measured_s={name: float(lane["waits_s"][name]) for name in shares},
        simulated_s={name: dwells.quantile_s(share) for name, share in shares.items()},
    )


def replay(lane: dict[str, Any], seed: int) -> Waits:
    """The waits of the same messages, sent at the same times, in the simulator's lane. Handling
    times are drawn from the measured ones."""
    environment = simpy.Environment()
    chance = random.Random(seed)
    workers = int(lane["workers"])
    size = LaneSize(workers, workers, workers_added=0, batch=int(lane["batch"]))
    function = Function("workers", workers, cold_s=0, memory_mb=0)
    queue = QueueLane(environment, "stamping", size, function)

    def arrive() -> simpy.events.ProcessGenerator:
        for sent_s in sorted(lane["sent_s"]):
            yield environment.timeout(max(0.0, sent_s - environment.now))
            queue.send(1, lambda *_: (chance.choice(lane["took_s"]), 0), lambda _: None)

    environment.process(arrive())
    environment.run()
    return queue.dwells
