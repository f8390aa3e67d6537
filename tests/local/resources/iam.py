"""Roles and policies: recorded, not enforced.

moto's enforcement denies correctly scoped table ARNs. So least privilege is checked by recording
the calls (see the tests of the template), not by refusing them here. One right changes an answer
and not only whether there is one: `listing.py`.
"""

from tests.local.declaration import NOT_ENFORCED, Created, Declaration, ResourceType
from tests.local.specs import RoleSpec


def _record_role(role: Declaration) -> Created:
    name = role.name("RoleName")
    arn = f"arn:aws:iam::{role.place.account_id}:role/{name}"
    policies = role.properties.get("Policies", ())
    statements = (each for one in policies for each in one["PolicyDocument"]["Statement"])
    return Created(
        ref=name,
        attributes={"Arn": arn, "RoleId": f"AROA{role.logical_id.upper()}"},
        spec=RoleSpec(arn, tuple(statements)),
    )


def _record_policy(policy: Declaration) -> Created:
    name = policy.name("ManagedPolicyName")
    arn = f"arn:aws:iam::{policy.place.account_id}:policy/{name}"
    is_managed = policy.type == "AWS::IAM::ManagedPolicy"
    return Created(ref=arn if is_managed else name, attributes={"PolicyArn": arn})


def _type(name: str, named_by: str, *recorded: str) -> ResourceType:
    create = _record_role if name == "AWS::IAM::Role" else _record_policy
    return ResourceType(
        name=name,
        applied=frozenset({named_by}),
        accepted=dict.fromkeys(recorded, NOT_ENFORCED),
        create=create,
    )


TYPES = (
    _type(
        "AWS::IAM::Role",
        "RoleName",
        "AssumeRolePolicyDocument",
        "Description",
        "ManagedPolicyArns",
        "MaxSessionDuration",
        "Path",
        "PermissionsBoundary",
        "Policies",
        "Tags",
    ),
    _type("AWS::IAM::Policy", "PolicyName", "Groups", "PolicyDocument", "Roles", "Users"),
    _type(
        "AWS::IAM::ManagedPolicy",
        "ManagedPolicyName",
        "Description",
        "Groups",
        "Path",
        "PolicyDocument",
        "Roles",
        "Users",
    ),
    _type(
        "AWS::Lambda::Permission",
        "Id",
        "Action",
        "FunctionName",
        "Principal",
        "SourceAccount",
        "SourceArn",
    ),
)
