"""Faults during the run: busy workers are killed, and AWS throttles for some seconds at a time."""

import random
import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import cycle
from types import TracebackType
from typing import Self

from tests.load.system import System

# Killed in this order, repeatedly, each while it is busy.
VICTIMS = (
    "StampFunction",
    "ConfirmPaymentFunction",
    "PurchaseFunction",
    "RequestStampingFunction",
    "ReceiveWebhookFunction",
    "PagesFunction",
)
CRASH_EVERY_S = (4.0, 10.0)
FAULTS_UNTIL = 0.6  # of the arrivals' time: the claim of a killed worker lasts for minutes
THROTTLE_EVERY_S = 20.0
THROTTLE_S = 3.0
THROTTLE_SHARE = 0.25  # of requests; with two retries, one call in 64 fails
_CHECK_EVERY_S = 0.02


@dataclass
class FaultInjector:
    """Active inside `with`. `for_s`: how long people arrive. `kms_s`: how long KMS takes."""

    system: System
    for_s: float
    kms_s: float
    seed: int
    crashes: Counter[str] = field(default_factory=Counter)
    throttled: Mapping[str, int] = field(default_factory=dict)
    _over: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._began_s = time.monotonic()
        acts = (self._crash, self._throttle)
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
        self.throttled = self.system.set_faults()

    @property
    def _passed(self) -> float:
        """The share of the arrivals' time that has passed."""
        return (time.monotonic() - self._began_s) / self.for_s

    def _crash(self) -> None:
        chance = random.Random(self.seed)
        for victim in cycle(VICTIMS):
            self._over.wait(chance.uniform(*CRASH_EVERY_S))
            while not self.system.environment.account.functions[victim].crash_one():
                self._over.wait(_CHECK_EVERY_S)
                if self._over.is_set() or self._passed > FAULTS_UNTIL:
                    return
            self.crashes[victim] += 1

    def _throttle(self) -> None:
        self.system.set_faults(kms_s=self.kms_s)
        while not self._over.wait(THROTTLE_EVERY_S - THROTTLE_S) and self._passed < FAULTS_UNTIL:
            self.system.set_faults(throttled=THROTTLE_SHARE, kms_s=self.kms_s)
            self._over.wait(THROTTLE_S)
            self.system.set_faults(kms_s=self.kms_s)
