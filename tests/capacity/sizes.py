"""The sizes that template.yaml sets for production, by the names they have there."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from meterai.domain.waiting.admission_control import AdmissionPolicy
from meterai.domain.waiting.bulk import Portions
from tests.capacity.lane import LaneSize
from tests.capacity.limits import LIMITS, Limits
from tests.local.template import Template, read_template

TEMPLATE = Path(__file__).parents[2] / "template.yaml"


@dataclass(frozen=True, slots=True)
class Size:
    """`warm_writes`: by table, and by index as "Table/index". Others start with AWS's default."""

    limits: Limits
    concurrency: Mapping[str, int]  # by function
    memory_mb: Mapping[str, int]
    lanes: Mapping[str, LaneSize]  # by function
    parameters: Mapping[str, str]  # parameter names of template.yaml, by what they set
    urgent_workers: int = 0  # of StampFunction, reserved for work with a near deadline
    warm_writes: Mapping[str, float] = field(default_factory=dict)
    order_expires_s: float = 900
    policy: AdmissionPolicy = field(default_factory=AdmissionPolicy)
    portions: Portions = field(default_factory=lambda: Portions(2, 100, timedelta(seconds=30)))

    @property
    def reserved(self) -> int:
        return sum(self.concurrency.values())

    def with_lane(self, function: str, **changes: Any) -> "Size":
        lanes = {**self.lanes, function: replace(self.lanes[function], **changes)}
        return replace(self, lanes=lanes)


@cache
def declared() -> Size:
    """The sizes with every parameter at its default."""
    template = read_template(TEMPLATE)
    functions = {
        logical_id.removesuffix("Function"): _in_production(resource.properties)
        for logical_id, resource in template.resources.items()
        if resource.type == "AWS::Serverless::Function"
    }
    globally = template.globals["Function"]
    return Size(
        limits=replace(
            LIMITS,
            api_requests=_default(template, "ApiRequestsPerSecond"),
            api_burst=_default(template, "ApiBurst"),
        ),
        concurrency={
            name: int(_value(template, properties["ReservedConcurrentExecutions"]))
            for name, properties in functions.items()
            if "ReservedConcurrentExecutions" in properties
        },
        memory_mb={
            name: int(_value(template, properties.get("MemorySize", globally["MemorySize"])))
            for name, properties in functions.items()
        },
        parameters=_parameters(template, functions),
        urgent_workers=LIMITS.workers_of_a_poller
        * int(_value(template, _pollers(functions["Stamp"], "UrgentQueue")["MaximumPollers"])),
        lanes={name: _lane(template, functions[name]) for name in ("ConfirmPayment", "Stamp")},
        warm_writes=_warm(template),
        order_expires_s=_default(template, "OrderExpiresS"),
        policy=AdmissionPolicy(
            longest_wait=timedelta(seconds=_default(template, "MaxStampWaitS")),
            holds=timedelta(seconds=_default(template, "TicketValidityS")),
            capacity_per_s=_default(template, "StampingsPerSecond"),
            order_lasts=timedelta(seconds=_default(template, "OrderExpiresS")),
        ),
        portions=Portions(
            min_per_s=_default(template, "BulkMinPerSecond"),
            max_per_s=_default(template, "BulkMaxPerSecond"),
            pause_above=timedelta(seconds=_default(template, "BulkPauseWhenWaitExceedsS")),
        ),
    )


def _lane(template: Template, properties: Mapping[str, Any]) -> LaneSize:
    """The workers, the polls and the visibility time-out of the function's main queue."""
    source = properties["Events"]["Queue"]["Properties"]
    queue = template.resources[source["Queue"]["Fn::GetAtt"][0]].properties
    one = LaneSize(
        min_workers=LIMITS.min_workers,
        max_workers=0,
        workers_added=LIMITS.workers_added,
        batch=int(source["BatchSize"]),
        visibility_s=float(queue["VisibilityTimeout"]),
        receives=int(queue["RedrivePolicy"]["maxReceiveCount"]),
    )
    pollers = _pollers(properties, "Queue")
    if not pollers:
        maximum = int(_value(template, source["ScalingConfig"]["MaximumConcurrency"]))
        return replace(one, max_workers=maximum)
    each = LIMITS.workers_of_a_poller
    return replace(
        one,
        min_workers=each * int(_value(template, pollers["MinimumPollers"])),
        max_workers=each * int(_value(template, pollers["MaximumPollers"])),
        workers_added=LIMITS.provisioned_workers_added,
        polls_per_s=LIMITS.polls_of_a_poller,
    )


def _pollers(properties: Mapping[str, Any], event: str) -> Mapping[str, Any]:
    """The provisioned pollers of this event source; empty if Lambda decides."""
    pollers: Mapping[str, Any] = (
        properties["Events"][event]["Properties"].get("ProvisionedPollerConfig") or {}
    )
    return pollers


def _parameters(template: Template, functions: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """By function, by "Stamp/min" and "Stamp/max", by table and index."""
    found = {
        name: properties["ReservedConcurrentExecutions"]
        for name, properties in functions.items()
        if "ReservedConcurrentExecutions" in properties
    }
    pollers = _pollers(functions["Stamp"], "Queue")
    found |= {"Stamp/min": pollers["MinimumPollers"], "Stamp/max": pollers["MaximumPollers"]}
    found |= {
        name: warm["WriteUnitsPerSecond"] for name, warm in _warm_properties(template).items()
    }
    return {name: value["Ref"] for name, value in found.items() if isinstance(value, Mapping)}


def _warm(template: Template) -> dict[str, float]:
    """The warm throughput of tables and indexes, where the template sets it."""
    return {
        name: float(_value(template, warm["WriteUnitsPerSecond"]))
        for name, warm in _warm_properties(template).items()
    }


def _warm_properties(template: Template) -> dict[str, Mapping[str, Any]]:
    found: dict[str, Mapping[str, Any]] = {}
    for logical_id, resource in template.resources.items():
        if resource.type != "AWS::DynamoDB::Table":
            continue
        table = logical_id.removesuffix("Table")
        indexes = resource.properties.get("GlobalSecondaryIndexes", [])
        named = {table: resource.properties} | {
            f"{table}/{index['IndexName']}": index for index in indexes
        }
        found |= {
            name: properties["WarmThroughput"]
            for name, properties in named.items()
            if "WriteUnitsPerSecond" in properties.get("WarmThroughput", {})
        }
    return found


def _in_production(value: Any) -> Any:
    """Without the conditions of the profile, and without what has no value there."""
    match value:
        case {"Fn::If": ["IsProduction", chosen, _]}:
            return _in_production(chosen)
        case Mapping():
            return {key: _in_production(one) for key, one in value.items()}
        case list():
            return [_in_production(one) for one in value]
    return value


def _value(template: Template, value: Any) -> Any:
    """A number, or the default of the parameter it refers to."""
    return _default(template, value["Ref"]) if isinstance(value, Mapping) else value


def _default(template: Template, parameter: str) -> Any:
    return template.parameters[parameter]["Default"]
