"""No `*` where AWS allows something narrower: each one in a policy has its reason."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.integration.template.declared import TEMPLATE, Statement, of_type, statements, text

# Where a star is needed, and why nothing narrower works.
REASONS = {
    "in a key's policy": "AWS requires `*` there, and it means this key",
    "in a refusal": "it denies: the wider, the safer",
    "below a prefix": "the keys of objects are not known beforehand",
    "of an endpoint": "it narrows what a network reaches, for all who have the right",
    "of Lambda": "it attaches functions to networks; denied to the function's own code",
    "of X-Ray": "sending traces knows no resources",
}
BELOW_A_PREFIX = re.compile(r"DocumentsBucket\.Arn(/[\w-]+)+/\*")


def policies() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each policy's resource, its type and its document."""
    for name, resource in TEMPLATE.resources.items():
        properties = resource.properties
        for key in ("AssumeRolePolicyDocument", "KeyPolicy", "PolicyDocument", "ResourcePolicy"):
            if key in properties:
                yield name, resource.type, properties[key]
        for policy in properties.get("Policies", ()) if resource.type == "AWS::IAM::Role" else ():
            yield name, resource.type, policy["PolicyDocument"]


def stars(statement: Statement) -> list[str]:
    parts = [*statement.actions, *statement.resources, text(statement.principal)]
    return [part for part in parts if "*" in part]


def reason(kind: str, statement: Statement, star: str) -> str | None:
    if statement.effect == "Deny":
        return "in a refusal"
    if kind == "AWS::KMS::Key" and star == "*" and star in statement.resources:
        return "in a key's policy"
    if kind == "AWS::EC2::VPCEndpoint" and text(statement.principal) == star:
        return "of an endpoint"
    if star == "*" and all(action.startswith("ec2:") for action in statement.actions):
        return "of Lambda"
    if star == "*" and all(action.startswith("xray:Put") for action in statement.actions):
        return "of X-Ray"
    return "below a prefix" if BELOW_A_PREFIX.fullmatch(star) else None


def test_every_star_in_a_policy_has_its_reason() -> None:
    found = {
        (name, star, statement.effect): reason(kind, statement, star)
        for name, kind, document in policies()
        for statement in statements(document)
        for star in stars(statement)
    }
    unexplained = sorted(place for place, why in found.items() if why is None)
    assert not unexplained, f"name the actions and resources, or give a reason: {unexplained}"
    assert set(found.values()) == set(REASONS), "a reason that is not needed any more"


def test_every_policy_of_the_template_is_checked() -> None:
    kinds = {kind for _, kind, _ in policies()}
    assert kinds == {
        "AWS::EC2::VPCEndpoint",
        "AWS::IAM::Role",
        "AWS::KMS::Key",
        "AWS::S3::BucketPolicy",
        "AWS::SNS::TopicPolicy",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::ResourcePolicy",
    }
    managed = [
        name
        for name, role in of_type("AWS::IAM::Role").items()
        if {"ManagedPolicyArns", "PermissionsBoundary"} & set(role.properties)
    ]
    assert managed == ["BackupRole"]  # the service's own role: test_backup.py
