"""The loops of template.yaml: the local account expands them as CloudFormation does."""

from typing import Any

import pytest
from cfnlint.template import Template  # type: ignore[import-untyped]
from cfnlint.template.transforms._language_extensions import (  # type: ignore[import-untyped]
    language_extension,
)

from tests.integration.template.declared import ROOT, TEMPLATE
from tests.local.errors import TemplateError
from tests.local.loops import expand_loops
from tests.local.template import read_document

MAX_RESOURCES = 450  # CloudFormation's limit is 500: room for another gateway or portal

ROLE = {"Type": "AWS::IAM::Role"}


def test_cfn_lint_expands_the_loops_to_the_same_resources() -> None:
    path = ROOT / "template.yaml"
    problems, written_out = language_extension(Template(str(path), read_document(path)))
    assert problems == []
    assert _with_names_substituted(written_out["Resources"]) == _with_names_substituted(
        expand_loops(read_document(path))["Resources"]
    )


def test_the_stack_stays_below_cloudformations_number_of_resources() -> None:
    """SAM makes at most two resources of an event (a rule and a permission), and a stage of an
    API."""
    declared = TEMPLATE.resources.values()
    events = sum(len(one.properties.get("Events", ())) for one in declared)
    apis = sum(one.type == "AWS::Serverless::HttpApi" for one in declared)
    assert len(declared) + 2 * events + apis <= MAX_RESOURCES


def test_two_loops_that_declare_one_name_are_refused() -> None:
    loop = ["X", ["A"], {"${X}Role": ROLE}]
    with pytest.raises(TemplateError, match="ARole is declared twice"):
        expand_loops({"Resources": {"Fn::ForEach::One": loop, "Fn::ForEach::Two": loop}})


def test_a_loop_that_looks_up_a_missing_row_is_refused() -> None:
    role = {**ROLE, "Properties": {"RoleName": {"Fn::FindInMap": ["Rows", {"Ref": "X"}, "Name"]}}}
    loop = ["X", ["A"], {"${X}Role": role}]
    with pytest.raises(TemplateError, match="there is no 'A'"):
        expand_loops({"Mappings": {"Rows": {}}, "Resources": {"Fn::ForEach::One": loop}})


def _with_names_substituted(value: Any) -> Any:
    """cfn-lint leaves `!Sub [text, names]` unchanged where the loop has made the names known."""
    match value:
        case [*items]:
            return [_with_names_substituted(item) for item in items]
        case {"Fn::Sub": [str(text), {**names}]} if all(isinstance(n, str) for n in names.values()):
            for name, item in names.items():
                text = text.replace(f"${{{name}}}", str(item))
            return {"Fn::Sub": text}
        case {**fields}:
            return {name: _with_names_substituted(item) for name, item in fields.items()}
        case _:
            return value
