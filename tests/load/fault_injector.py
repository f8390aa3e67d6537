"""What goes wrong meanwhile: workers die in the middle of work, and AWS throttles in gusts."""

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from types import TracebackType
from typing import Self

from tests.load.stage import Stage

# Killed in this order, again and again: each while it is busy.
VICTIMS = (
    "StampFunction",
    "ConfirmPaymentFunction",
    "PurchaseFunction",
    "RequestStampingFunction",
    "ReceiveWebhookFunction",
)
CRASH_EVERY_S = (4.0, 10.0)
CRASHES_UNTIL = 0.6  # of the time in which people come: a dead worker's claim lasts for minutes
GUST_EVERY_S = 20.0
GUST_S = 3.0
GUST = 0.25  # of what functions ask; with two tries more, one call in sixty fails for good
_LOOK_AGAIN_S = 0.02


@dataclass
class Accidents:
    """Inside `with`. `for_s`: how long people come; `kms_s`: how long KMS takes, all the while."""

    stage: Stage
    for_s: float
    kms_s: float
    seed: int
    crashes: Counter[str] = field(default_factory=Counter)
    refused: Mapping[str, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._began_s = time.monotonic()
        acts = (self._crash, self._blow)
        self._threads = [threading.Thread(target=act, daemon=True) for act in acts]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()
        self.refused = self.stage.weather()

    @property
    def _passed(self) -> float:
        """The share of the time in which people come."""
        return (time.monotonic() - self._began_s) / self.for_s

    def _crash(self) -> None:
        chance = random.Random(self.seed)
        for victim in cycle(VICTIMS):
            self._over.wait(chance.uniform(*CRASH_EVERY_S))
            while not self.stage.place.account.functions[victim].crash_one():
                self._over.wait(_LOOK_AGAIN_S)
                if self._over.is_set() or self._passed > CRASHES_UNTIL:
                    return
            self.crashes[victim] += 1

    def _blow(self) -> None:
        self.stage.weather(kms_s=self.kms_s)
        while not self._over.wait(GUST_EVERY_S - GUST_S) and self._passed < CRASHES_UNTIL:
            self.stage.weather(refused=GUST, kms_s=self.kms_s)
            self._over.wait(GUST_S)
            self.stage.weather(kms_s=self.kms_s)
