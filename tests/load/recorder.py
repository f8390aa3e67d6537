"""Records, each second, the load snapshot and the processor time of each group of processes."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane
from tests.load.processors import OURS, Spent

SHOWN = (Lane.PAYMENTS, Lane.STAMPING, Lane.REFUNDS)


@dataclass(frozen=True, slots=True)
class Sample:
    at_s: float  # Unix
    snapshot: LoadSnapshot | None
    spent: Spent


@dataclass
class Recorder:
    """Inside `with` it takes a `Sample` each second."""

    read: Callable[[], LoadSnapshot | None]
    spent: Callable[[], Spent]
    samples: list[Sample] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def admitted_at(self, issued_at: float) -> float | None:
        """When a ticket was admitted: Unix seconds of the first snapshot that admits it."""
        for sample in self.samples:
            admission = sample.snapshot.admission if sample.snapshot else None
            if admission is None or sample.at_s < issued_at:
                continue
            if admission.is_open or admission.watermark.timestamp() >= issued_at:
                return sample.at_s
        return None

    def busy_share(self) -> float | None:
        """Of the seconds in which people waited outside, those in which the stamping lane had work;
        from the first on in which its speed was known."""
        seen = [sample.snapshot for sample in self.samples if sample.snapshot]
        lanes = [one.lanes[Lane.STAMPING] for one in seen]
        known = next((n for n, lane in enumerate(lanes) if lane.drained_low_per_s), len(seen))
        busy = [
            lane.waiting > 0
            for one, lane in list(zip(seen, lanes, strict=True))[known:]
            if one.admission and one.admission.room and one.admission.room.waiting
        ]
        return sum(busy) / len(busy) if busy else None

    def busiest(self, length_s: float = 10.0) -> tuple[Sample, Sample] | None:
        """The first and the last sample of the busiest stretch."""
        stretches = [
            (first, last)
            for first in self.samples
            for last in self.samples
            if length_s <= last.at_s - first.at_s < length_s + 2
        ]

        def done(ends: tuple[Sample, Sample]) -> float:
            return sum(ends[1].spent[name] - ends[0].spent[name] for name in OURS)

        return max(stretches, key=done, default=None)

    def spent_s(self) -> Spent:
        """From the first sample to the last."""
        first, last = self.samples[0].spent, self.samples[-1].spent
        return {name: last[name] - first[name] for name in OURS}

    def _run(self) -> None:
        while not self._over.wait(1.0):
            spent = self.spent()
            if self.samples and spent[OURS[-1]] < self.samples[-1].spent[OURS[-1]]:
                return  # the load generator has ended
            self.samples.append(Sample(time.time(), self.read(), spent))

    def status(self) -> str:
        """The lanes' depths and the admission, of the last sample."""
        snapshot = self.samples[-1].snapshot if self.samples else None
        if snapshot is None:
            return ""
        depths = ", ".join(f"{lane} {snapshot.lanes[lane].waiting}" for lane in SHOWN)
        admission = snapshot.admission
        buying = "open" if admission is None or admission.is_open else "paused"
        if admission is not None and admission.room is not None:
            buying += f", {admission.room.waiting} in the waiting room"
        return f"{depths}, buying {buying}"
