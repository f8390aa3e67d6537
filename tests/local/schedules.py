"""Schedules: functions that run at their time, or when a test fires them."""

import json
import threading
import uuid
from datetime import UTC, datetime, timedelta

from tests.local.functions import Functions
from tests.local.instances import Outcome
from tests.local.schedule_expressions import next_time
from tests.local.specs import ScheduleSpec


class Schedule:
    """One schedule. EventBridge does not wait for a function to end: an occurrence while another
    still runs is a second invocation. It is skipped only if the function has no instance left.

    `speed` makes time run faster: at 60, `rate(1 minute)` fires every second.
    """

    def __init__(
        self,
        spec: ScheduleSpec,
        functions: Functions,
        *,
        account_id: str,
        region: str,
        speed: float,
    ) -> None:
        self.spec = spec
        self._functions = functions
        self._account_id = account_id
        self._region = region
        self._speed = speed
        self._next_time = next_time(spec.expression, spec.timezone)
        self._free = threading.BoundedSemaphore(functions[spec.function].limit)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=spec.logical_id, daemon=True)

    def start(self) -> None:
        if self.spec.enabled:
            self._thread.start()

    def request_stop(self) -> None:
        self._stopping.set()

    def fire(self) -> Outcome:
        """Run the function now, with the schedule's event."""
        return self._functions.invoke(self.spec.function, self._event(datetime.now(UTC)))

    def _run(self) -> None:
        began = datetime.now(UTC)
        while True:
            now = datetime.now(UTC)
            fast_now = began + (now - began) * self._speed
            due = self._next_time(fast_now)
            if self._stopping.wait((due - fast_now) / timedelta(seconds=self._speed)):
                return
            if self._free.acquire(blocking=False):
                threading.Thread(target=self._fire_and_free, daemon=True).start()

    def _fire_and_free(self) -> None:
        try:
            self.fire()
        finally:
            self._free.release()

    def _event(self, moment: datetime) -> bytes:
        time = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
        if self.spec.input is not None:
            return self._with_context(self.spec.input, time).encode()
        is_rule = self.spec.source == "aws.events"
        event = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": self.spec.source,
            "account": self._account_id,
            "time": time,
            "region": self._region,
            "resources": [self.spec.arn],
            "detail": {} if is_rule else "{}",
        }
        return json.dumps(event).encode()

    def _with_context(self, text: str, time: str) -> str:
        """EventBridge Scheduler's context attributes, which an Input may name.

        https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
        """
        for name, value in (
            ("schedule-arn", self.spec.arn),
            ("scheduled-time", time),
            ("execution-id", str(uuid.uuid4())),
            ("attempt-number", "1"),
        ):
            text = text.replace(f"<aws.scheduler.{name}>", value)
        return text
