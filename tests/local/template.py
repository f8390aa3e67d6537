"""`template.yaml` as data: its loops are expanded, its references are not resolved yet.

A SAM template is YAML with short tags for intrinsic functions: `!Ref X` is `{"Ref": "X"}`, `!GetAtt
X.Arn` is `{"Fn::GetAtt": ["X", "Arn"]}`. Reading turns the first form into the second;
`intrinsics.py` computes their values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.local.errors import TemplateError
from tests.local.loops import expand_loops

_SECTIONS = {
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Globals",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
}
_RESOURCE_KEYS = {
    "Condition",
    "DeletionPolicy",  # the local account keeps nothing when it ends
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdateReplacePolicy",  # no resource is updated in place here
}


@dataclass(frozen=True)
class Resource:
    """One declaration below `Resources`, with unresolved properties."""

    logical_id: str
    type: str
    properties: Mapping[str, Any] = field(default_factory=dict)
    condition: str | None = None
    depends_on: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Template:
    """A template's sections. `folder` is the base of its relative paths."""

    folder: Path
    resources: Mapping[str, Resource]
    parameters: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    mappings: Mapping[str, Any] = field(default_factory=dict)
    conditions: Mapping[str, Any] = field(default_factory=dict)
    rules: Mapping[str, Any] = field(default_factory=dict)
    globals: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    outputs: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


def read_document(path: Path) -> dict[str, Any]:
    """The template as it is written, with its loops."""
    # Not yaml.load of arbitrary Python: _Loader adds only the intrinsic tags to CSafeLoader.
    text = path.read_text(encoding="utf-8")
    document: dict[str, Any] = yaml.load(text, Loader=_Loader)  # noqa: S506
    return document


def read_template(path: Path) -> Template:
    """Read a SAM template. An unknown section or resource attribute raises."""
    document = expand_loops(read_document(path))
    if unknown := set(document) - _SECTIONS:
        raise TemplateError(f"{path.name}: sections not known here: {sorted(unknown)}")
    return Template(
        folder=path.resolve().parent,
        resources={
            logical_id: _resource(logical_id, body)
            for logical_id, body in document["Resources"].items()
        },
        parameters=document.get("Parameters", {}),
        mappings=document.get("Mappings", {}),
        conditions=document.get("Conditions", {}),
        rules=document.get("Rules", {}),
        globals=document.get("Globals", {}),
        outputs=document.get("Outputs", {}),
    )


def _resource(logical_id: str, body: Mapping[str, Any]) -> Resource:
    if unknown := set(body) - _RESOURCE_KEYS:
        raise TemplateError(f"{logical_id}: attributes not known here: {sorted(unknown)}")
    depends_on = body.get("DependsOn", ())
    return Resource(
        logical_id=logical_id,
        type=body["Type"],
        properties=body.get("Properties") or {},
        condition=body.get("Condition"),
        depends_on=(depends_on,) if isinstance(depends_on, str) else tuple(depends_on),
        metadata=body.get("Metadata", {}),
    )


class _Loader(yaml.CSafeLoader):
    """YAML with CloudFormation's tags; dates stay strings, as in CloudFormation. Read by libyaml,
    which is seven times as fast."""


# `Version: 2012-10-17` in a policy must stay text, so the timestamp resolver is removed.
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _intrinsic(loader: yaml.CSafeLoader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    elif isinstance(node, yaml.MappingNode):
        value = loader.construct_mapping(node, deep=True)
    else:
        raise TemplateError(f"!{suffix} takes a value")
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", maxsplit=1)
    return {suffix if suffix in {"Ref", "Condition"} else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)
