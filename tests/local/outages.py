"""AWS services that fail for a while, on request: each of their calls is answered with an error."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """What a service answers while it fails. `target` is what begins its X-Amz-Target header."""

    target: str
    status: str
    code: str
    message: str

    @property
    def body(self) -> bytes:
        return json.dumps({"__type": self.code, "message": self.message}).encode()


# Of 500, "the request can be retried": https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
KMS = Failure(
    "TrentService.",
    "500 Internal Server Error",
    "KMSInternalException",
    "The request was rejected because an internal exception occurred. The request can be retried.",
)


class Outages:
    """Those that go on. `clock` is in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._until_s: dict[Failure, float] = {}

    def begin(self, failure: Failure, for_s: float) -> None:
        """Until `for_s` have passed, or it is ended."""
        with self._lock:
            self._until_s[failure] = self._clock() + for_s

    def end(self, failure: Failure) -> None:
        with self._lock:
            self._until_s.pop(failure, None)

    def left_s(self, failure: Failure) -> float:
        """How long it goes on; 0: the service answers."""
        with self._lock:
            return max(0.0, self._until_s.get(failure, 0.0) - self._clock())

    def failure_of(self, target: object) -> Failure | None:
        """Of a request with this X-Amz-Target."""
        with self._lock:
            failures = list(self._until_s)
        for failure in failures:
            if str(target).startswith(failure.target) and self.left_s(failure):
                return failure
        return None
