"""Who looks on: each second the snapshot that everybody is told from, and whose the processors
were."""

import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from meterai.domain.waiting.queue_status import Lane, LoadSnapshot
from tests.load.processors import OURS, Spent

SHOWN = (Lane.PAYMENTS, Lane.STAMPING, Lane.REFUNDS)


@dataclass(frozen=True, slots=True)
class Second:
    at_s: float  # Unix
    snapshot: LoadSnapshot | None
    spent: Spent


@dataclass
class Record:
    """Inside `with` it writes down one `Second` after another, and shows every tenth."""

    look: Callable[[], LoadSnapshot | None]
    spent: Callable[[], Spent]
    seconds: list[Second] = field(default_factory=list)
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

    def let_in_at(self, issued_at: float) -> float | None:
        """When a place's turn came: Unix seconds of the first snapshot that admits it."""
        for second in self.seconds:
            admission = second.snapshot.admission if second.snapshot else None
            if admission is None or second.at_s < issued_at:
                continue
            if admission.is_open or admission.watermark.timestamp() >= issued_at:
                return second.at_s
        return None

    def busiest(self, length_s: float = 10.0) -> tuple[Second, Second] | None:
        """The beginning and the end of the stretch in which the machine did most."""
        stretches = [
            (first, last)
            for first in self.seconds
            for last in self.seconds
            if length_s <= last.at_s - first.at_s < length_s + 2
        ]

        def done(ends: tuple[Second, Second]) -> float:
            return sum(ends[1].spent[name] - ends[0].spent[name] for name in OURS)

        return max(stretches, key=done, default=None)

    def spent_s(self) -> Spent:
        """From the first second to the last."""
        first, last = self.seconds[0].spent, self.seconds[-1].spent
        return {name: last[name] - first[name] for name in OURS}

    def _run(self) -> None:
        began_s = time.time()
        while not self._over.wait(1.0):
            spent = self.spent()
            if self.seconds and spent[OURS[-1]] < self.seconds[-1].spent[OURS[-1]]:
                return  # the crowd is gone
            self.seconds.append(Second(time.time(), self.look(), spent))
            if len(self.seconds) % 10 == 0:
                self._show(self.seconds[-1], began_s)

    def _show(self, second: Second, began_s: float) -> None:
        snapshot = second.snapshot
        if snapshot is None:
            return
        depths = ", ".join(f"{lane} {snapshot.lanes[lane].waiting}" for lane in SHOWN)
        admission = snapshot.admission
        buying = "open" if admission is None or admission.is_open else f"at {admission.level} %"
        if admission is not None and admission.room is not None:
            buying += f", {admission.room.waiting} wait outside"
        sys.stdout.write(f"  {second.at_s - began_s:4.0f} s  {depths}; buying {buying}\n")
        sys.stdout.flush()
