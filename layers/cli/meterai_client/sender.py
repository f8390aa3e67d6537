"""One request, repeated until its answer counts or its time is up."""

import random
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from meterai.domain.errors import Unavailable
from meterai.http_client import HttpClient, Reply, Verb
from meterai_client.errors import NoAnswer, Problem

MIN_WAIT_S, MAX_WAIT_S = 0.5, 8.0  # the latter where no answer says how long
SPREAD = 0.1  # all who were told the same second do not come in the same moment


@dataclass(frozen=True, slots=True)
class Clock:
    """`now` counts seconds from any moment."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def as_told(self, wait_s: float) -> float:
        """A little longer, never shorter."""
        return max(MIN_WAIT_S, wait_s) * (1 + SPREAD * self.random())

    def untold(self, tried: int) -> float:
        """Twice as long each time, and up to twice that: all lose their answers in one moment."""
        return min(MAX_WAIT_S, MIN_WAIT_S * 2.0**tried) * (1 + self.random())


@dataclass(frozen=True, slots=True)
class Sender:
    """For requests that may be repeated. `http` limits one exchange, `timeout_s` all of them."""

    http: HttpClient
    clock: Clock
    party: str
    timeout_s: float

    def send(
        self,
        verb: Verb,
        url: str,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        final: Collection[str] = (),
    ) -> Reply:
        """A success. Raises Problem and NoAnswer: what no repetition changes, whose code is in
        `final`, or the last failure where the wait that it asks for would end too late."""
        until_s = self.clock.now() + self.timeout_s
        left_s, tried = self.timeout_s, 0
        while True:
            try:
                reply = self._once(verb, url, body, headers, left_s)
                if reply.http_status < 300:
                    return reply
                failure: Problem | NoAnswer = Problem.of(reply)
            except Unavailable as lost:
                failure = NoAnswer(self.party, str(lost.values["reason"]))
            wait_s = self._wait_s(failure, tried)
            if isinstance(failure, Problem) and (failure.code in final or not failure.may_pass):
                raise failure
            if self.clock.now() + wait_s >= until_s:
                raise failure
            self.clock.sleep(wait_s)
            left_s = until_s - self.clock.now()
            if left_s <= 0:  # a sleep may last longer than it was told to
                raise failure
            tried += 1

    def _once(
        self,
        verb: Verb,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str] | None,
        left_s: float,
    ) -> Reply:
        http = replace(self.http, total_timeout_s=min(self.http.total_timeout_s, left_s))
        return http.send(verb, url, party=self.party, body=body, headers=headers)

    def _wait_s(self, failure: Problem | NoAnswer, tried: int) -> float:
        told_s = failure.retry_after_s if isinstance(failure, Problem) else None
        return self.clock.untold(tried) if told_s is None else self.clock.as_told(told_s)
