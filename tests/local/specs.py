"""The parts that the account runs itself: functions and their events, the HTTP API, the user pool.

Resource handlers make them from the template; modules in `tests/local/` run them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class RouteSpec:
    """An `HttpApi` event. `authorizer`: a name, `NONE`, or None for the API's default."""

    function: str
    api: str | None  # resolved ApiId; None is SAM's implicit API
    method: str
    path: str
    authorizer: str | None
    scopes: tuple[str, ...]
    timeout_s: float


@dataclass(frozen=True)
class QueueSourceSpec:
    """An `SQS` event: a mapping from a queue to a function."""

    function: str
    queue_arn: str
    batch_size: int
    batching_window_s: int
    reports_item_failures: bool
    maximum_concurrency: int | None
    enabled: bool


@dataclass(frozen=True)
class ScheduleSpec:
    """A `Schedule` or `ScheduleV2` event. `logical_id` is the one that SAM gives: function +
    event."""

    logical_id: str
    function: str
    arn: str
    expression: str
    timezone: str
    input: str | None
    enabled: bool
    source: str  # aws.events for rules, aws.scheduler for schedules


@dataclass(frozen=True)
class FunctionSpec:
    """A function as Lambda would have it. Layers are ARNs, in their order."""

    logical_id: str
    name: str
    arn: str
    role: str
    handler: str
    runtime: str
    code_folder: Path
    layers: tuple[str, ...]
    environment: Mapping[str, str]
    memory_mb: int
    timeout_s: int
    reserved_concurrency: int | None
    log_format: str
    routes: tuple[RouteSpec, ...]
    queue_sources: tuple[QueueSourceSpec, ...]
    schedules: tuple[ScheduleSpec, ...]


@dataclass(frozen=True)
class RoleSpec:
    """A role with the statements of its policies."""

    arn: str
    statements: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class LayerSpec:
    """A layer's source. `mount`: the folder's path below /opt, `python` or empty."""

    arn: str
    folder: Path
    mount: str

    @property
    def python_folder(self) -> Path:
        return self.folder if self.mount == "python" else self.folder / "python"


@dataclass(frozen=True)
class AuthorizerSpec:
    """A JWT authorizer of an HTTP API."""

    name: str
    issuer: str
    audience: tuple[str, ...]
    scopes: tuple[str, ...]


@dataclass(frozen=True)
class CorsSpec:
    """How the API answers browsers by itself."""

    allow_origins: tuple[str, ...]
    allow_methods: tuple[str, ...]
    allow_headers: tuple[str, ...]
    expose_headers: tuple[str, ...]
    allow_credentials: bool
    max_age_s: int | None


@dataclass(frozen=True)
class ApiSpec:
    """An HTTP API."""

    api_id: str
    authorizers: Mapping[str, AuthorizerSpec]
    default_authorizer: str | None
    cors: CorsSpec | None


@dataclass(frozen=True)
class UserPoolSpec:
    """A Cognito user pool; the local issuer replaces it."""

    pool_id: str
    by_email: bool  # people sign in with an address, and not with a name


@dataclass(frozen=True)
class ResourceServerSpec:
    """Scopes, as `identifier/name`."""

    scopes: tuple[str, ...]


@dataclass(frozen=True)
class LoginDomainSpec:
    """The sign-in pages: version 1 is Cognito's hosted UI, 2 its managed login."""

    version: int


@dataclass(frozen=True)
class LoginStyleSpec:
    """A style of the sign-in pages, without which a client has none."""

    client_id: str


@dataclass(frozen=True)
class ClientSpec:
    """An app client: what it may request, where people return to, how long its tokens are valid."""

    logical_id: str
    client_id: str
    client_secret: str
    scopes: tuple[str, ...]
    flows: tuple[str, ...]
    callback_urls: tuple[str, ...] = ()
    logout_urls: tuple[str, ...] = ()
    access_token_s: int = 3600
    id_token_s: int = 3600
    refresh_token_s: int = 30 * 86400
    retry_grace_s: int | None = None  # None: refresh tokens do not rotate
    can_revoke: bool = True
    has_login_page: bool = True
    pool_id: str = ""
    by_email: bool = True  # as its pool says
