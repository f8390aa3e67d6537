"""`template.yaml` as plain data: what it declares, and what each role may do.

`TEMPLATE` is the production's, `TRIAL` the trial's: of an `!If` on the profile, its value there. An
ARN is written by its logical id: `OrdersTable.Arn/index/by_next_check`, `IdentitySecret`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.local.template import Resource, Template, read_template

ROOT = Path(__file__).resolve().parents[3]
_WHOLE = read_template(ROOT / "template.yaml")

GATEWAY_SECRET = "GatewaySecret|GatewaySecretArn"  # the stack's own, or the operator's
# https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html: in the name of the function.
# That the actions know no resources is in
# https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSXRayDaemonWriteAccess.html.
TRACES = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_SUBSTITUTION = re.compile(r"\$\{([^}]+)\}")


def with_profile(value: Any, *, production: bool) -> Any:
    """The value as it is in a production, or in a trial."""
    match value:
        case {"Fn::If": ["IsProduction", then, otherwise]}:
            return with_profile(then if production else otherwise, production=production)
        case {**fields}:
            known = {name: with_profile(one, production=production) for name, one in fields.items()}
            return {name: one for name, one in known.items() if one != NO_VALUE}
        case [*items]:
            return [with_profile(one, production=production) for one in items]
        case _:
            return value


def _profile(*, production: bool) -> Template:
    resources = {
        name: replace(one, properties=with_profile(one.properties, production=production))
        for name, one in _WHOLE.resources.items()
    }
    return replace(_WHOLE, resources=resources)


NO_VALUE = {"Ref": "AWS::NoValue"}
TEMPLATE, TRIAL = _profile(production=True), _profile(production=False)


@dataclass(frozen=True)
class Statement:
    """One statement of a policy."""

    effect: str
    principal: object
    actions: tuple[str, ...]  # none where it is about all others (`NotAction`)
    resources: tuple[str, ...]
    condition: Mapping[str, Any]


@dataclass(frozen=True)
class Function:
    """A function with its globals, and the statements of its own role."""

    logical_id: str
    folder: str
    properties: Mapping[str, Any]
    rights: tuple[Statement, ...]

    @property
    def timeout_s(self) -> int:
        return int(self.properties["Timeout"])

    @property
    def layers(self) -> list[str]:
        return [text(layer) for layer in self.properties["Layers"]]

    def events(self, event_type: str) -> list[dict[str, Any]]:
        declared = self.properties.get("Events", {}).values()
        return [event["Properties"] for event in declared if event["Type"] == event_type]

    def may(self, action: str) -> list[str]:
        """The resources on which its role allows the action."""
        return [
            resource
            for right in self.rights
            if action in right.actions
            for resource in right.resources
        ]


def of_type(resource_type: str, template: Template = TEMPLATE) -> dict[str, Resource]:
    return {name: one for name, one in template.resources.items() if one.type == resource_type}


def text(value: Any) -> str:
    """A value with its references by name: `!GetAtt X.Arn` is `X.Arn`, `!Sub ${X.Arn}/*` `X.Arn/*`.

    An `!If` is written as both of its values.
    """
    match value:
        case {"Ref": name}:
            return str(name)
        case {"Fn::GetAtt": [name, attribute]}:
            return f"{name}.{attribute}"
        case {"Fn::Sub": [template, {**values}]}:
            named = {name: text(inner) for name, inner in values.items()}
            return _SUBSTITUTION.sub(lambda m: named.get(m[1], m[1]), str(template))
        case {"Fn::Sub": template}:
            return _SUBSTITUTION.sub(r"\1", str(template))
        case {"Fn::If": [_, then, otherwise]}:
            return f"{text(then)}|{text(otherwise)}"
        case _:
            return str(value)


def statements(document: Mapping[str, Any]) -> Iterator[Statement]:
    """A policy's statements, including those under a condition of the template."""
    for declared in document["Statement"]:
        match declared:
            case {"Fn::If": [_, statement, {"Ref": "AWS::NoValue"}]}:
                yield _statement(statement)
            case _:
                yield _statement(declared)


def functions() -> dict[str, Function]:
    """By folder."""
    found = [_function(*named) for named in of_type("AWS::Serverless::Function").items()]
    return {function.folder: function for function in found}


def default_of(parameter: str) -> int:
    return int(TEMPLATE.parameters[parameter]["Default"])


def _statement(declared: Mapping[str, Any]) -> Statement:
    return Statement(
        effect=declared["Effect"],
        principal=declared.get("Principal"),
        actions=tuple(_listed(declared.get("Action", []))),
        resources=tuple(text(resource) for resource in _listed(declared.get("Resource", []))),
        condition=declared.get("Condition", {}),
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _function(logical_id: str, resource: Resource) -> Function:
    shared, own = TEMPLATE.globals["Function"], resource.properties
    layers = [*shared["Layers"], *own.get("Layers", [])]
    role = TEMPLATE.resources[text(own["Role"]).removesuffix(".Arn")]
    return Function(
        logical_id=logical_id,
        folder=Path(own["CodeUri"]).name,
        properties={**shared, **own, "Layers": layers},
        rights=tuple(
            statement
            for policy in role.properties["Policies"]
            for statement in statements(policy["PolicyDocument"])
        ),
    )
