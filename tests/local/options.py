"""The options of the local account."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.local.account import LocalAccount
    from tests.local.event_sources import Handled


@dataclass(frozen=True)
class Options:
    """The options of `LocalAccount.start`.

    - `endpoint_url`: of the AWS APIs; None starts moto in this process.
    - `functions_sign_by_name`: each function has an access key of its own name, so that a request
      shows its caller. False for ministack, which takes presigned addresses of one key alone.
    - `endpoint_port`, `api_port`, `issuer_port`: 0 takes whatever is free.
    - `instances`: how many of each function at most; or of the named ones, and one of each other.
      A function's ReservedConcurrentExecutions is a limit too.
    - `unreserved`: how many may run at once of all functions that reserve no concurrency; None does
      not limit them.
    - `niceness`: of the processes of the named functions. Here functions share processors, on AWS
      they do not: those that must not starve come first.
    - `fire_schedules`, `schedule_speed`: whether schedules fire by themselves, and how many times
      faster than the clock.
    - `fair_queues`: whether moto's queues are fair (`fair_queues.py`, our model of what AWS
      documents) or hand out the oldest first. Another endpoint sees to that itself.
    - `redeliver_after_s`: when a message that failed comes back; None leaves it to its queue.
    - `on_handled`: called with each batch of messages that a function has finished.
    - `reload`: replace instances when a source file below functions/ or layers/ changes.
    - `logs`: folder for a log file of each function, and of the API.
    - `links_open_here`: a public host whose links in answers become links to this account's API, so
      that a person can follow them. None leaves answers as they are, as on AWS.
    - `before_start_functions`: called with the account once its resources exist and before
      anything can be invoked; the place to set up the signing certificate.
    """

    stack_name: str = "meterai-local"
    region: str = "ap-southeast-3"
    endpoint_url: str | None = None
    functions_sign_by_name: bool = True
    endpoint_port: int = 0
    api_port: int = 0
    issuer_port: int = 0
    instances: int | Mapping[str, int] = 1
    unreserved: int | None = None
    niceness: Mapping[str, int] = field(default_factory=dict)
    fire_schedules: bool = True
    schedule_speed: float = 1.0
    fair_queues: bool = True
    redeliver_after_s: int | None = None
    on_handled: "Callable[[Handled], None] | None" = None
    reload: bool = False
    logs: Path = Path("out/local/logs")
    links_open_here: str | None = None
    before_start_functions: "Callable[[LocalAccount], None] | None" = None
