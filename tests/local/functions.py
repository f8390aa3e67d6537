"""The functions of the account, and how many instances of each may run.

An instance starts with the first invocation that finds none idle, up to the function's limit.
Beyond the limit an invocation waits: a limit of one or two mostly belongs to this machine. Where
the limit is the template's ReservedConcurrentExecutions, queues and functions are throttled, as by
Lambda. The API waits: AWS does not say what it answers then. Functions that reserve no concurrency
share what is left of the account's, if that is limited:
https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from tests.local.errors import LocalAccountError
from tests.local.function_environment import BYTECODE, environment_of
from tests.local.instances import Instance, Outcome
from tests.local.specs import FunctionSpec, LayerSpec

_SHUT_DOWN = Outcome("", b'{"errorMessage": "the account has ended"}', "Sandbox.Shutdown")


class ThrottledError(LocalAccountError):
    """As many invocations run as the template reserves for the function."""


@dataclass(frozen=True)
class Counts:
    """Of one function: its instances now, and what it did since the account began."""

    instances: int
    busy: int
    invoked: int
    failed: int
    throttled: int


class Function:
    """One function with its instances."""

    def __init__(
        self,
        spec: FunctionSpec,
        environment: Mapping[str, str],
        log_file: Path,
        limit: int,
        niceness: int,
        shared: AbstractContextManager[object],
    ) -> None:
        self.spec = spec
        self.limit = limit
        self.throttles = 0
        self._environment = environment
        self._log_file = log_file
        self._niceness = niceness
        self._slots = threading.BoundedSemaphore(limit)
        self._shared = shared
        self._lock = threading.Lock()
        self._idle: list[Instance] = []
        self._all: set[Instance] = set()
        self._stale: set[Instance] = set()
        self._stopped = False
        self._invoked = 0
        self._failed = 0
        self._crashes = 0

    @property
    def limit_is_reserved(self) -> bool:
        """Whether the limit is the template's, and not only this machine's."""
        return self.limit == self.spec.reserved_concurrency

    def invoke(
        self, event: bytes, *, throttle: bool = False, within_s: float | None = None
    ) -> Outcome:
        """`throttle`: raise ThrottledError and do not wait, where the limit is the template's.
        `within_s`: raise it as well if nothing has begun by then, since nobody waits any longer;
        Lambda would begin at once, or never."""
        wait_s = 0.0 if throttle and self.limit_is_reserved else within_s
        if not self._slots.acquire(timeout=wait_s):
            with self._lock:
                self.throttles += 1
            raise ThrottledError(self.spec.logical_id)
        try:
            with self._shared:
                return self._run(event)
        finally:
            self._slots.release()

    def _run(self, event: bytes) -> Outcome:
        instance = self._take()
        if instance is None:
            return _SHUT_DOWN
        try:
            with self._lock:
                self._invoked += 1
                dies = self._crashes > 0
                self._crashes -= dies
            outcome = instance.invoke(event, dies=dies)
            with self._lock:
                self._failed += outcome.error_type is not None
            return outcome
        finally:
            self._give_back(instance)

    def counts(self) -> Counts:
        with self._lock:
            instances, idle = len(self._all), len(self._idle)
            return Counts(instances, instances - idle, self._invoked, self._failed, self.throttles)

    @contextmanager
    def occupied(self) -> Iterator[None]:
        """Meanwhile invocations wait, as behind others that take long."""
        with ExitStack() as slots:
            for _ in range(self.limit):
                slots.enter_context(self._slots)
            yield

    def replace_instances(self) -> None:
        """Makes later invocations read the source anew: idle instances end now, busy ones when
        done."""
        with self._lock:
            idle, self._idle = self._idle, []
            self._all.difference_update(idle)
            self._stale = set(self._all)
        for instance in idle:
            instance.stop()

    def crash_one(self) -> bool:
        """Kill a busy instance outright, as Lambda does when it runs out of memory. False if
        none is busy."""
        with self._lock:
            busy = self._all.difference(self._idle)
        for instance in busy:
            instance.kill()
            return True
        return False

    def crash_next(self) -> None:
        """The instance of the next invocation is killed as soon as it has its event."""
        with self._lock:
            self._crashes += 1

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            instances, self._all, self._idle = self._all, set(), []
        for instance in instances:
            instance.stop()

    def _take(self) -> Instance | None:
        with self._lock:
            if self._stopped:
                return None
            if self._idle:
                return self._idle.pop()
            instance = Instance(self.spec, self._environment, self._log_file, self._niceness)
            self._all.add(instance)
            return instance

    def _give_back(self, instance: Instance) -> None:
        with self._lock:
            keep = instance.usable and instance not in self._stale and not self._stopped
            if keep:
                self._idle.append(instance)
                return
            self._all.discard(instance)
            self._stale.discard(instance)
        instance.stop()


class Functions:
    """All functions by their logical id, and the count of what runs."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._functions = {function.spec.logical_id: function for function in functions}
        self._lock = threading.Lock()
        self._started = 0
        self._running = 0

    def __getitem__(self, logical_id: str) -> Function:
        return self._functions[logical_id]

    def __iter__(self) -> Iterator[Function]:
        return iter(self._functions.values())

    def invoke(
        self,
        logical_id: str,
        event: bytes,
        *,
        throttle: bool = False,
        within_s: float | None = None,
    ) -> Outcome:
        function = self._functions[logical_id]
        with self._lock:
            self._started += 1
            self._running += 1
        try:
            return function.invoke(event, throttle=throttle, within_s=within_s)
        finally:
            with self._lock:
                self._running -= 1

    def activity(self) -> tuple[int, int]:
        """How many invocations were ever started, and how many are running."""
        with self._lock:
            return self._started, self._running

    def replace_instances(self) -> None:
        for function in self:
            function.replace_instances()

    def stop(self) -> None:
        for function in self:
            function.stop()


def functions_from(
    specs: Iterable[FunctionSpec],
    layers: Iterable[LayerSpec],
    *,
    endpoint_url: str,
    lambda_url: str,
    mailbox_url: str,
    directory_url: str,
    region: str,
    signs_by_name: bool,
    logs: Path,
    instances: int | Mapping[str, int],
    unreserved: int | None,
    niceness: Mapping[str, int],
) -> Functions:
    """`instances`: the limit for every function, or for the named ones (one for the others).
    `unreserved`: for all together that reserve none."""
    by_arn = {layer.arn: layer for layer in layers}
    left = threading.BoundedSemaphore(unreserved) if unreserved else nullcontext()
    logs.mkdir(parents=True, exist_ok=True)
    BYTECODE.mkdir(parents=True, exist_ok=True)

    def function(spec: FunctionSpec) -> Function:
        wanted = instances if isinstance(instances, int) else instances.get(spec.logical_id, 1)
        return Function(
            spec,
            environment_of(
                spec,
                by_arn,
                endpoint_url=endpoint_url,
                lambda_url=lambda_url,
                mailbox_url=mailbox_url,
                directory_url=directory_url,
                region=region,
                signs_by_name=signs_by_name,
            ),
            logs / f"{spec.logical_id}.log",
            limit=max(1, min(wanted, spec.reserved_concurrency or wanted)),
            niceness=niceness.get(spec.logical_id, 0),
            shared=nullcontext() if spec.reserved_concurrency else left,
        )

    return Functions(function(spec) for spec in specs)
