"""Functions and their layers."""

from tests.local.declaration import NO_BILLING, NOT_ENFORCED, Created, Declaration, ResourceType
from tests.local.resources.function_events import read_events
from tests.local.specs import FunctionSpec, LayerSpec, QueueSourceSpec, RouteSpec, ScheduleSpec

_DEFAULT_MEMORY_MB = 128
_DEFAULT_TIMEOUT_S = 3


def _create_function(function: Declaration) -> Created:
    wanted = function.properties
    if not str(wanted["Runtime"]).startswith("python"):
        raise function.unhandled(f"Runtime: {wanted['Runtime']}")
    name = function.name("FunctionName")
    arn = function.place.arn("lambda", f"function:{name}")
    variables = wanted.get("Environment", {}).get("Variables", {})
    reserved = wanted.get("ReservedConcurrentExecutions")
    events = read_events(function)
    spec = FunctionSpec(
        logical_id=function.logical_id,
        name=name,
        arn=arn,
        role=str(wanted.get("Role", "")),
        handler=wanted["Handler"],
        runtime=wanted["Runtime"],
        code_folder=(function.place.folder / wanted["CodeUri"]).resolve(),
        layers=tuple(wanted.get("Layers", ())),
        environment={key: _as_variable(value) for key, value in variables.items()},
        memory_mb=int(wanted.get("MemorySize", _DEFAULT_MEMORY_MB)),
        timeout_s=int(wanted.get("Timeout", _DEFAULT_TIMEOUT_S)),
        reserved_concurrency=int(reserved) if reserved is not None else None,
        log_format=wanted.get("LoggingConfig", {}).get("LogFormat", "Text"),
        routes=tuple(event for event in events if isinstance(event, RouteSpec)),
        queue_sources=tuple(event for event in events if isinstance(event, QueueSourceSpec)),
        schedules=tuple(event for event in events if isinstance(event, ScheduleSpec)),
    )
    return Created(ref=name, attributes={"Arn": arn}, spec=spec)


def _as_variable(value: object) -> str:
    """Environment variables are text; YAML's `true` becomes `true`."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _create_layer(layer: Declaration) -> Created:
    method = layer.metadata.get("BuildMethod")
    if method is not None and method != "makefile" and not str(method).startswith("python"):
        raise layer.unhandled(f"Metadata.BuildMethod: {method}")
    arn = layer.place.arn("lambda", f"layer:{layer.name('LayerName')}:1")
    folder = (layer.place.folder / layer.properties["ContentUri"]).resolve()
    spec = LayerSpec(
        arn=arn,
        folder=folder,
        # `sam build` puts packages below python/, unless the folder has that already. Without a
        # build method it zips the folder as it is.
        mount="python" if method and not (folder / "python").is_dir() else "",
    )
    return Created(ref=arn, spec=spec)


_ONE_VERSION = "there is one version here: the source"

TYPES = (
    ResourceType(
        name="AWS::Serverless::Function",
        applied=frozenset(
            {
                "CodeUri",
                "Environment",
                "Events",
                "FunctionName",
                "Handler",
                "Layers",
                "LoggingConfig",
                "MemorySize",
                "ReservedConcurrentExecutions",
                "Role",
                "Runtime",
                "Timeout",
            }
        ),
        accepted={
            "Architectures": "instances run on this machine's own processor",
            "AutoPublishAlias": _ONE_VERSION,
            "AutoPublishCodeSha256": _ONE_VERSION,
            "DeadLetterQueue": "schedules are not retried here, so nothing is given up",
            "Description": "for people",
            "EphemeralStorage": "temporary files are this machine's",
            "EventInvokeConfig": "schedules are not retried here",
            "KmsKeyArn": "environment variables are not stored here",
            "PermissionsBoundary": NOT_ENFORCED,
            "Policies": NOT_ENFORCED,
            "ProvisionedConcurrencyConfig": "instances start with their first invocation",
            "RecursiveLoop": "loops are not detected here",
            "RolePath": NOT_ENFORCED,
            "SnapStart": "instances start anew here, so there is no state to restore",
            "Tags": NO_BILLING,
            "Tracing": "there is no X-Ray here",
            "VpcConfig": "there is no network between the processes here",
        },
        create=_create_function,
    ),
    ResourceType(
        name="AWS::Serverless::LayerVersion",
        applied=frozenset({"ContentUri", "LayerName"}),
        accepted={
            "CompatibleArchitectures": "instances run on this machine's own processor",
            "CompatibleRuntimes": "instances run on the Python that runs the tests",
            "Description": "for people",
            "LicenseInfo": "for people",
            "RetentionPolicy": "nothing outlives this account",
        },
        create=_create_layer,
    ),
)
