"""An instance: one process that runs one function, one invocation at a time."""

import json
import os
import queue
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.local.runtime_api import (
    Answered,
    Exited,
    InitFailed,
    InstanceEvent,
    Invocation,
    RuntimeApi,
)
from tests.local.specs import FunctionSpec

# AWS allows 10 s. Here several instances may start at once on two busy cores.
_INIT_LIMIT_S = 30.0
_PAYLOAD_LIMIT_BYTES = 6 * 1024 * 1024 + 100  # Lambda's limit in its error message: 6291556


@dataclass(frozen=True)
class Outcome:
    """How an invocation ended. `error_type` is None when the handler returned."""

    request_id: str
    payload: bytes
    error_type: str | None = None


class Instance:
    """A process with the real runtime. After a timeout or an exit it cannot be used again."""

    def __init__(
        self,
        function: FunctionSpec,
        environment: Mapping[str, str],
        log_file: Path,
        niceness: int = 0,
    ) -> None:
        self._function = function
        self._log_file = log_file
        self._api = RuntimeApi()
        self._ready = False
        self.usable = True
        with log_file.open("ab") as log:
            self._process = subprocess.Popen(
                # -P: the script's own folder must not come first in the handler's import path
                [sys.executable, "-P", str(_PROCESS), function.handler],
                cwd=function.code_folder,
                env={**environment, "AWS_LAMBDA_RUNTIME_API": self._api.address},
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        if niceness:
            os.setpriority(os.PRIO_PROCESS, self._process.pid, niceness)
        threading.Thread(target=self._report_exit, daemon=True).start()

    def invoke(self, event: bytes, *, dies: bool = False) -> Outcome:
        """Run the handler once. Never raises for errors of the function. `dies`: the process is
        killed once it has the event."""
        request_id = str(uuid.uuid4())
        if not self._ready:
            failure = self._initialise(request_id)
            if failure is not None:
                self.usable = False
                return failure
        deadline = time.time() + self._function.timeout_s
        self._api.hand_over(Invocation(request_id, event, self._context(request_id, deadline)))
        if dies:
            self.kill()
        return self._wait_for_answer(request_id, time.monotonic() + self._function.timeout_s)

    def kill(self) -> None:
        """The process ends at once, in the middle of its work (SIGKILL)."""
        self._process.kill()

    def stop(self) -> None:
        self.usable = False
        self._process.kill()
        self._process.wait()
        if self._process.stdin:
            self._process.stdin.close()
        self._api.stop()

    def _initialise(self, request_id: str) -> Outcome | None:
        """Wait until the handler is loaded. Its time does not count against the function's."""
        match self._next_event(time.monotonic() + _INIT_LIMIT_S):
            case InitFailed(payload, error_type):
                return Outcome(request_id, payload, error_type)
            case Exited(return_code):
                return self._exit_outcome(request_id, return_code)
            case None:
                return self._failed(request_id, "Sandbox.Timedout", "Init phase timed out")
            case _:
                self._ready = True
                return None

    def _wait_for_answer(self, request_id: str, until: float) -> Outcome:
        while True:
            match self._next_event(until):
                case Answered(answered_id, payload, error_type) if answered_id == request_id:
                    if len(payload) > _PAYLOAD_LIMIT_BYTES:
                        return self._too_large(request_id)
                    return Outcome(request_id, payload, error_type)
                case Exited(return_code):
                    self.usable = False
                    return self._exit_outcome(request_id, return_code)
                case None:
                    self.usable = False
                    return self._failed(
                        request_id,
                        "Sandbox.Timedout",
                        f"Task timed out after {self._function.timeout_s:.2f} seconds",
                    )
                case _:
                    pass  # ready because it asked for the next invocation after the previous answer

    def _next_event(self, until: float) -> InstanceEvent | None:
        try:
            return self._api.events.get(timeout=max(0.0, until - time.monotonic()))
        except queue.Empty:
            return None

    def _report_exit(self) -> None:
        return_code = self._process.wait()
        self._api.events.put(Exited(return_code))

    def _context(self, request_id: str, deadline: float) -> dict[str, str]:
        return {
            "Lambda-Runtime-Aws-Request-Id": request_id,
            "Lambda-Runtime-Deadline-Ms": str(int(deadline * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn": self._function.arn,
            "Lambda-Runtime-Trace-Id": f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}",
        }

    def _exit_outcome(self, request_id: str, return_code: int) -> Outcome:
        how = f"signal: {-return_code}" if return_code < 0 else f"exit status {return_code}"
        return self._failed(request_id, "Runtime.ExitError", f"Runtime exited with error: {how}")

    def _too_large(self, request_id: str) -> Outcome:
        return self._failed(
            request_id,
            "Function.ResponseSizeTooLarge",
            "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
        )

    def _failed(self, request_id: str, error_type: str, message: str) -> Outcome:
        """A failure that the platform reports, in Lambda's words, and in the function's log."""
        message = f"RequestId: {request_id} Error: {message}"
        with self._log_file.open("a", encoding="utf-8") as log:
            log.write(f"{message}\n")
        payload = json.dumps({"errorType": error_type, "errorMessage": message}).encode()
        return Outcome(request_id, payload, error_type)


_PROCESS = Path(__file__).with_name("lambda_process.py")
