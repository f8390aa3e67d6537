"""The secret of the ids: nobody writes it, a copy may be kept, and whatever is tried rings."""

from fnmatch import fnmatchcase
from typing import Any

import pytest
from moto.events.models import EventPattern

from tests.integration.template.declared import NO_VALUE, TEMPLATE, functions, statements
from tests.local.intrinsics import Resolver

ARN = "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:IdentitySecret-AbCdEfGhIjKl-a1b2c3"
OTHER = ARN.replace("IdentitySecret", "TokenSecret")
KEEPER = "arn:aws:iam::123456789012:role/keeper"


def test_no_property_changes_since_a_change_would_write_it() -> None:
    """https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-secretsmanager-secret.html:
    a changed GenerateSecretString makes a new version, a changed Name another secret."""
    secret = TEMPLATE.resources["IdentitySecret"]
    assert secret.properties == {
        "Description": "Derives the ids of orders, serials and refunds. Never rotate, never lose.",
        "GenerateSecretString": {"PasswordLength": 64, "ExcludePunctuation": True},
        "ReplicaRegions": {
            "Fn::If": [
                "HasIdentityReplica",
                [{"Region": {"Ref": "IdentityReplicaRegion"}}],
                NO_VALUE,
            ]
        },
    }


@pytest.mark.parametrize(
    ("keeper", "condition"),
    [("", None), (KEEPER, {"ArnNotEquals": {"aws:PrincipalArn": KEEPER}})],
)
def test_nobody_but_its_keeper_writes_or_deletes_it(
    keeper: str, condition: dict[str, object] | None
) -> None:
    policy = resolver(IdentityKeeperRoleArn=keeper).resolve(
        TEMPLATE.resources["IdentitySecretPolicy"].properties["ResourcePolicy"]
    )
    refusal, update = policy["Statement"]
    assert {(one["Effect"], one["Principal"]) for one in (refusal, update)} == {("Deny", "*")}
    assert refusal.get("Condition") == condition
    writes = "DeleteSecret PutSecretValue RotateSecret UpdateSecretVersionStage"
    assert refusal["Action"] == [f"secretsmanager:{name}" for name in writes.split()]
    # A condition on a key that a request lacks holds where it is negated: the call is refused.
    assert update["Action"] == "secretsmanager:UpdateSecret"
    assert update["Condition"] == {
        "StringNotEquals": {"aws:CalledViaLast": "cloudformation.amazonaws.com"},
        **(condition or {}),
    }


def test_a_stack_that_fails_can_be_rolled_back() -> None:
    """CloudFormation then removes the policy first, which refers to the secret."""
    policy = TEMPLATE.resources["IdentitySecretPolicy"].properties["ResourcePolicy"]
    refused = {action for statement in statements(policy) for action in statement.actions}
    assert "secretsmanager:DeleteResourcePolicy" not in refused


def test_no_function_may_write_it() -> None:
    writers = {f.folder: f.may("secretsmanager:PutSecretValue") for f in functions().values()}
    assert {folder: secrets for folder, secrets in writers.items() if secrets} == {
        "renew_receipt_key": ["ReceiptKeysSecret"],
        "rotate_token_key": ["TokenSecret"],
    }


NATIVE = {"source": "aws.secretsmanager", "detail-type": "Secret Label Updated"}
CALL = {"source": "aws.secretsmanager", "detail-type": "AWS API Call via CloudTrail"}


def call(name: str, secret: str) -> dict[str, Any]:
    """As in https://docs.aws.amazon.com/secretsmanager/latest/userguide/cloudtrail_log_entries.html."""
    return {**CALL, "detail": {"eventName": name, "requestParameters": {"secretId": secret}}}


@pytest.mark.parametrize(
    ("event", "rings"),
    [
        ({**NATIVE, "resources": [ARN], "detail": {"labelUpdated": "AWSCURRENT"}}, True),
        ({**NATIVE, "resources": [OTHER], "detail": {"labelUpdated": "AWSCURRENT"}}, False),
        (call("DeleteSecret", ARN), True),
        (call("DeleteSecret", "IdentitySecret-AbCdEfGhIjKl"), True),
        (call("DeleteResourcePolicy", ARN.removesuffix("-a1b2c3")), True),
        (call("PutSecretValue", ARN), True),
        (call("GetSecretValue", ARN), False),
        (call("PutSecretValue", OTHER), False),
        (call("DeleteSecret", "IdentitySecret-ZbCdEfGhIjKl"), False),
        ({"source": "aws.ssm", "resources": [ARN]}, False),
    ],
)
def test_what_is_tried_on_it_rings(event: dict[str, Any], *, rings: bool) -> None:
    rule = TEMPLATE.resources["IdentitySecretTouched"].properties
    pattern = resolver().resolve(rule["EventPattern"])
    # moto matches everything but wildcards.
    (by_id,) = pattern["$or"][1]["detail"]["requestParameters"]["secretId"]
    named = event.get("detail", {}).get("requestParameters", {}).get("secretId", "")
    is_it = fnmatchcase(named, by_id["wildcard"])
    pattern["$or"][1]["detail"]["requestParameters"]["secretId"] = [named] if is_it else []
    assert EventPattern(None, pattern).matches_event(event) is rings  # type: ignore[arg-type]
    assert rule["Targets"][0]["Arn"] == {"Ref": "AlarmTopic"}


def test_alarms_and_rules_of_this_account_reach_the_operator() -> None:
    """A policy of one's own replaces the one that lets the account's alarms publish."""
    policy = TEMPLATE.resources["AlarmTopicPolicy"].properties["PolicyDocument"]
    allowed = {str(one.principal): one for one in statements(policy)}
    assert set(allowed) == {
        "{'Service': 'cloudwatch.amazonaws.com'}",
        "{'Service': 'events.amazonaws.com'}",
    }
    assert all(one.actions == ("sns:Publish",) for one in allowed.values())


def resolver(**parameters: str) -> Resolver:
    return Resolver(
        TEMPLATE,
        parameters={"PublicHost": "meterai.example", **parameters},
        pseudo_parameters={
            "AWS::StackName": "meterai",
            "AWS::AccountId": "123456789012",
            "AWS::Region": "ap-southeast-3",
        },
        ref=lambda _: ARN,
        get_att=lambda name, attribute: f"{name}.{attribute}",
        readdress=str,
    )
