"""A second stack in one Region and account does not collide with the first."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from meterai_cli.edge import REGION, TEMPLATE
from tests.integration.deployment.transformed import SAM_PYTHON, transformed
from tests.integration.template.declared import TEMPLATE as API
from tests.local.template import read_document

# Names that must be free in the account, or everywhere, and that identify nothing in AWS's schemas;
# besides those that are called like their type, such as QueueName.
ALSO_NAMES = {
    "AWS::Budgets::Budget": ["Budget/BudgetName"],
    "AWS::CloudFront::CachePolicy": ["CachePolicyConfig/Name"],
    "AWS::CloudFront::Function": ["Name"],
    "AWS::CloudFront::ResponseHeadersPolicy": ["ResponseHeadersPolicyConfig/Name"],
    "AWS::Cognito::UserPoolDomain": ["Domain"],
    "AWS::Events::Rule": ["Name"],
    "AWS::SecretsManager::Secret": ["Name"],
}
OF_AN_OPERATOR = {"PublicHost"}  # one for each stack: it is in every QR code


@pytest.mark.skipif(not SAM_PYTHON.exists(), reason="`make setup` has not run")
def test_no_resource_of_the_api_has_a_name_that_another_stack_may_have() -> None:
    assert _fixed(transformed(), "ap-southeast-3") == []
    assert [one for one in API.outputs.values() if "Export" in one] == []


def test_no_resource_of_the_edge_has_a_name_that_another_stack_may_have() -> None:
    template = read_document(TEMPLATE)
    assert _fixed(template["Resources"], REGION) == []
    assert [one for one in template["Outputs"].values() if "Export" in one] == []


def test_a_fixed_name_is_found() -> None:
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "payments"}}
    role = {"Type": "AWS::IAM::Role", "Properties": {"RoleName": {"Ref": "Profile"}}}
    own = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::Sub": "${AWS::StackName}"}}}
    assert _fixed({"A": queue, "B": role, "C": own}, REGION) == ["A", "B"]
    queue["Properties"] = {"DelaySeconds": 1}  # AWS makes up its name
    assert _fixed({"A": queue}, REGION) == []


def _fixed(resources: Mapping[str, Any], region: str) -> list[str]:
    """What is identified by names that the template chose, none of which is of this stack."""
    return [
        name
        for name, one in resources.items()
        if not all(
            any(_is_of_this_stack(value, resources) for value in names)
            for names in _chosen_names(one["Type"], one.get("Properties", {}), region)
        )
    ]


def _chosen_names(kind: str, properties: Mapping[str, Any], region: str) -> Iterator[list[Any]]:
    """Each identifier: the parts of it that the template sets. AWS makes up the others."""
    for identifier in _identifiers(kind, region):
        chosen = [_at(properties, path) for path in identifier]
        if given := [value for value in chosen if value is not None]:
            yield given


@cache
def _identifiers(kind: str, region: str) -> list[list[str]]:
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(region, kind).schema
    known = [schema["primaryIdentifier"], *schema.get("additionalIdentifiers", [])]
    paths = [[path.removeprefix("/properties/") for path in one] for one in known]
    within_another = {part for path in paths if len(path) > 1 for part in path}
    like_its_type = {f"{kind.rpartition('::')[2]}Name"} - within_another
    return [*paths, *([name] for name in (*like_its_type, *ALSO_NAMES.get(kind, [])))]


def _at(properties: Any, path: str) -> Any:
    for key in path.split("/"):
        properties = properties.get(key) if isinstance(properties, Mapping) else None
    return properties


def _is_of_this_stack(value: Any, resources: Mapping[str, Any]) -> bool:
    match value:
        case {"Ref": str(name)}:
            return name == "AWS::StackName" or name in resources or name in OF_AN_OPERATOR
        case {"Fn::GetAtt": [name, *_]}:
            return name in resources
        case {"Fn::GetAtt": str(name)}:
            return name.partition(".")[0] in resources
        case {"Fn::Sub": substituted}:
            written = json.dumps(substituted)
            return "AWS::StackName" in written or "AWS::StackId" in written
        case {"Fn::If": [_, *branches]}:
            return any(_is_of_this_stack(branch, resources) for branch in branches)
        case {"Fn::Join": [_, parts]}:
            return any(_is_of_this_stack(part, resources) for part in parts)
        case _:
            return False
