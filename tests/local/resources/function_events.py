"""A function's `Events`: what invokes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.local.declaration import Declaration
from tests.local.specs import QueueSourceSpec, RouteSpec, ScheduleSpec

_API_TIMEOUT_S = 30.0  # the maximum of HTTP APIs, and their default
_IMPLICIT_SCHEDULE = "a schedule that fails is fired again at its next occurrence"


@dataclass(frozen=True)
class _Event:
    """One entry of `Events`, with its identifiers."""

    function: Declaration
    name: str
    properties: Mapping[str, Any]

    @property
    def logical_id(self) -> str:
        return f"{self.function.logical_id}{self.name}"


def _route(event: _Event) -> RouteSpec:
    wanted = event.properties
    auth = wanted.get("Auth", {})
    event.function.expect_keys(
        f"Events.{event.name}.Auth", auth, {"Authorizer", "AuthorizationScopes"}
    )
    return RouteSpec(
        function=event.function.logical_id,
        api=wanted.get("ApiId"),
        method=wanted.get("Method", "ANY").upper(),
        path=wanted.get("Path", "$default"),
        authorizer=auth.get("Authorizer"),
        scopes=tuple(auth.get("AuthorizationScopes", ())),
        timeout_s=float(wanted.get("TimeoutInMillis", _API_TIMEOUT_S * 1000)) / 1000,
    )


def _queue_source(event: _Event) -> QueueSourceSpec:
    wanted = event.properties
    concurrency = wanted.get("ScalingConfig", {}).get("MaximumConcurrency")
    if concurrency is not None and "ProvisionedPollerConfig" in wanted:
        # Lambda refuses the combination; here nothing else would detect it.
        raise event.function.unhandled(
            f"Events.{event.name}: MaximumConcurrency together with ProvisionedPollerConfig"
        )
    return QueueSourceSpec(
        function=event.function.logical_id,
        queue_arn=wanted["Queue"],
        batch_size=int(wanted.get("BatchSize", 10)),
        batching_window_s=int(wanted.get("MaximumBatchingWindowInSeconds", 0)),
        reports_item_failures="ReportBatchItemFailures" in wanted.get("FunctionResponseTypes", ()),
        maximum_concurrency=int(concurrency) if concurrency is not None else None,
        enabled=as_bool(wanted.get("Enabled", True)),
    )


def _rule(event: _Event) -> ScheduleSpec:
    wanted = event.properties
    enabled = as_bool(wanted.get("Enabled", True)) and wanted.get("State") != "DISABLED"
    return ScheduleSpec(
        logical_id=event.logical_id,
        function=event.function.logical_id,
        arn=event.function.place.arn("events", f"rule/{_schedule_name(event)}"),
        expression=wanted["Schedule"],
        timezone="UTC",
        input=wanted.get("Input"),
        enabled=enabled,
        source="aws.events",
    )


def _schedule(event: _Event) -> ScheduleSpec:
    wanted = event.properties
    group = wanted.get("GroupName", "default")
    return ScheduleSpec(
        logical_id=event.logical_id,
        function=event.function.logical_id,
        arn=event.function.place.arn("scheduler", f"schedule/{group}/{_schedule_name(event)}"),
        expression=wanted["ScheduleExpression"],
        timezone=wanted.get("ScheduleExpressionTimezone", "UTC"),
        input=wanted.get("Input"),
        enabled=wanted.get("State", "ENABLED") == "ENABLED",
        source="aws.scheduler",
    )


def _schedule_name(event: _Event) -> str:
    return str(
        event.properties.get("Name") or f"{event.function.place.stack_name}-{event.logical_id}"
    )


def as_bool(value: Any) -> bool:
    """A parameter is text, so a flag may be `"true"`."""
    return value is True or str(value).lower() == "true"


@dataclass(frozen=True)
class _EventType:
    applied: frozenset[str]
    accepted: Mapping[str, str]
    read: Callable[[_Event], RouteSpec | QueueSourceSpec | ScheduleSpec]


_EVENT_TYPES = {
    "HttpApi": _EventType(
        applied=frozenset({"ApiId", "Auth", "Method", "Path", "TimeoutInMillis"}),
        accepted={
            "PayloadFormatVersion": "2.0 is the default of HTTP APIs, and the only version here",
            "RouteSettings": "throttling is not modelled; capacity is simulated elsewhere",
        },
        read=_route,
    ),
    "SQS": _EventType(
        applied=frozenset(
            {
                "BatchSize",
                "Enabled",
                "FunctionResponseTypes",
                "MaximumBatchingWindowInSeconds",
                "Queue",
                "ScalingConfig",
            }
        ),
        accepted={
            "MetricsConfig": "an operator's view; nothing reads it here",
            "ProvisionedPollerConfig": "there are as many pollers as the function has instances",
        },
        read=_queue_source,
    ),
    "Schedule": _EventType(
        applied=frozenset({"Enabled", "Input", "Name", "Schedule", "State"}),
        accepted={
            "DeadLetterConfig": _IMPLICIT_SCHEDULE,
            "Description": "for people",
            "RetryPolicy": _IMPLICIT_SCHEDULE,
        },
        read=_rule,
    ),
    "ScheduleV2": _EventType(
        applied=frozenset(
            {
                "GroupName",
                "Input",
                "Name",
                "ScheduleExpression",
                "ScheduleExpressionTimezone",
                "State",
            }
        ),
        accepted={
            "DeadLetterConfig": _IMPLICIT_SCHEDULE,
            "Description": "for people",
            "FlexibleTimeWindow": "a schedule fires exactly at its time",
            "OmitName": "names are generated as for every resource here",
            "PermissionsBoundary": "roles are recorded, not enforced",
            "RetryPolicy": _IMPLICIT_SCHEDULE,
            "RoleArn": "roles are recorded, not enforced",
        },
        read=_schedule,
    ),
}


def read_events(
    function: Declaration,
) -> list[RouteSpec | QueueSourceSpec | ScheduleSpec]:
    """Every event of the function. An event type or property that is not handled raises."""
    return [
        _read_event(function, name, declared)
        for name, declared in function.properties.get("Events", {}).items()
    ]


def _read_event(
    function: Declaration, name: str, declared: Mapping[str, Any]
) -> RouteSpec | QueueSourceSpec | ScheduleSpec:
    event_type = _EVENT_TYPES.get(declared["Type"])
    if event_type is None:
        raise function.unhandled(f"Events.{name} of type {declared['Type']}")
    properties = declared.get("Properties") or {}
    function.expect_keys(f"Events.{name}", properties, {*event_type.applied, *event_type.accepted})
    return event_type.read(_Event(function, name, properties))
