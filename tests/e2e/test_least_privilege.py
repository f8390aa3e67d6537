"""Least privilege, proved: what the functions requested of AWS in this folder, and what they may.

Checked last, over every environment that ran here. That no right is missing holds for everything
that was run; that no right is unused only where the whole folder was. Both are written to
`out/rights.json`.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.integration.template.declared import (
    ROOT,
    TEMPLATE,
    TRACES,
    Function,
    functions,
    of_type,
    statements,
    text,
)
from tests.local.environment import PUBLIC, Environment
from tests.local.used_rights import Right

KEPT = ROOT / "out" / "rights.json"
# How policies name a resource that requests name by `Ref`: by its ARN, which for some is the same.
NAMED = {
    "AWS::Cognito::UserPool": "{}.Arn",
    "AWS::DynamoDB::Table": "{}.Arn",
    "AWS::KMS::Key": "{}.Arn",
    "AWS::S3::Bucket": "{}.Arn",
    "AWS::SNS::Topic": "{}",
    "AWS::SQS::Queue": "{}.Arn",
    "AWS::SecretsManager::Secret": "{}",
    "AWS::Serverless::Function": "{}.Arn",
}
# Rights that are needed but that no test here can cause to be used: when, and which test shows it.
RARE: Mapping[Right, tuple[str, str]] = {
    **dict.fromkeys(
        (
            Right("PurchaseFunction", "dynamodb:PutItem", "LoadStatusTable.Arn"),
            Right("PagesFunction", "dynamodb:PutItem", "LoadStatusTable.Arn"),
        ),
        (
            "one instance sells three times within two seconds",
            "tests/unit/entrypoints/test_demand_reporter.py::test_an_instance_that_sells_a_lot_reports_every_two_seconds",
        ),
    ),
    Right("RequestStampingFunction", "dynamodb:PutItem", "LoadStatusTable.Arn"): (
        "one instance accepts three stampings within two seconds",
        "tests/unit/entrypoints/test_demand_reporter.py::test_what_is_asked_for_is_reported_with_the_time_since_its_order",
    ),
    Right("ReleaseBulkFunction", "dynamodb:PutItem", "LoadStatusTable.Arn"): (
        "bulk waited for two seconds or more",
        "tests/unit/functions/test_release_bulk.py::test_the_wait_of_bulk_is_reported_as_for_any_lane",
    ),
    **dict.fromkeys(
        (
            Right("VerifyFunction", "s3:GetObject", "DocumentsBucket.Arn/stamped/*"),
            Right("VerifyFunction", "s3:ListBucket", "DocumentsBucket.Arn/stamped/*"),
            Right("CheckPagesFunction", "s3:GetObject", "DocumentsBucket.Arn/stamped/*"),
            Right("CheckPagesFunction", "s3:ListBucket", "DocumentsBucket.Arn/stamped/*"),
        ),
        (
            "a worker stored the file and has not recorded it yet",
            "tests/unit/steps/test_verify.py::test_what_a_worker_stored_and_did_not_finish_is_as_issued",
        ),
    ),
    Right("SweepFunction", "sqs:SendMessage", "NotificationsQueue.Arn"): (
        "a refund is still under way shortly before its promise ends",
        "tests/unit/steps/test_send_notification.py::test_a_promise_at_risk_is_told",
    ),
    Right("PagesFunction", "s3:ListBucket", "DocumentsBucket.Arn/incoming/*"): (
        "an upload is a day old, so that the bucket deleted it while it was adopted",
        "tests/contract/test_browser_uploads.py::test_an_upload_that_is_gone_by_now_concludes_nothing",
    ),
    Right("PagesFunction", "s3:ListBucket", "DocumentsBucket.Arn/stamped/*"): (
        "an e-meterai is given back whose worker died and had stored no file",
        "tests/contract/test_void.py::test_an_expired_claim_does_not_prevent_voiding",
    ),
    Right("PagesFunction", "s3:ListBucket", "DocumentsBucket.Arn/performance/*"): (
        "no day is over since the system is there",
        "tests/contract/test_daily_files.py::test_pages_read_the_public_days_once_a_minute",
    ),
    Right("StampFunction", "sqs:ChangeMessageVisibility", "UrgentStampingQueue.Arn"): (
        "KMS does not answer while a portal's deadline is near",
        "tests/unit/functions/test_stamp.py::test_an_urgent_message_is_delivered_again_as_urgent",
    ),
}
UNUSED = """\
Nothing in tests/e2e needed these rights, which template.yaml grants:
  {rights}
Take them out of the role; or, if they are needed, let a test here need them; or, if none can, say
in RARE when they are, and name the test elsewhere that shows it."""
MISSING = """\
The functions requested actions that template.yaml does not allow:
  {rights}
Grant just that to the function's own role, on just that resource; or do without."""


def granted() -> frozenset[Right]:
    """By roles and by the policies of keys. Listing is granted below a prefix. Of an `!If` counts
    its first value, which the environments here are deployed with."""
    by_role = {text(one.properties["Role"]): one.logical_id for one in functions().values()}
    rights = {
        Right(
            function.logical_id, action, f"{resource.partition('|')[0]}{_prefix(right.condition)}"
        )
        for function in functions().values()
        for right in function.rights
        for action in right.actions
        for resource in right.resources
    }
    for name, key in of_type("AWS::KMS::Key").items():
        for statement in statements(key.properties["KeyPolicy"]):
            match statement.principal:
                case {"AWS": list(roles)}:
                    named = [text(role) for role in roles]
                case {"AWS": role}:
                    named = [text(role)]
                case _:
                    named = []
            rights |= {
                Right(by_role[role], action, f"{name}.Arn")
                for role in named
                if role in by_role
                for action in statement.actions
            }
    return frozenset(rights)


def _prefix(condition: object) -> str:
    match condition:
        case {"StringLike": {"s3:prefix": str(prefix)}}:
            return f"/{prefix}"
        case _:
            return ""


def lambdas_own(function: Function) -> Iterator[Right]:
    """Lambda's own actions in the function's name: it writes the log, sends traces, and polls the
    queue."""
    log = f"{function.logical_id.removesuffix('Function')}Logs.Arn"
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield Right(function.logical_id, action, log)
    if function.properties["Tracing"] == "Active":  # sends traces
        for action in TRACES:
            yield Right(function.logical_id, action, "*")
    if "VpcConfig" in function.properties:  # and attaches it to its network
        for right in function.rights:
            if right.resources == ("*",):
                yield from (Right(function.logical_id, one, "*") for one in right.actions)
    for event in function.events("SQS"):
        for action in ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"):
            yield Right(function.logical_id, action, text(event["Queue"]))


def used(environments: list[Environment]) -> frozenset[Right]:
    """By logical names, of the functions alone."""
    kinds = {name: resource.type for name, resource in TEMPLATE.resources.items()}
    names = {
        environment.account.physical(name): NAMED[kinds[name]].format(name)
        for environment in environments
        for name in environment.account.created
        if kinds.get(name) in NAMED
    } | {PUBLIC["SesIdentityArn"]: "SesIdentityArn"}
    return frozenset(
        Right(one.who, one.action, _logical(one.resource, names))
        for environment in environments
        for one in environment.account.used_rights()
        if one.who.endswith("Function")
    )


def _logical(resource: str, names: dict[str, str]) -> str:
    """A key in a bucket stands for all keys below its first part."""
    if resource in names:
        return names[resource]
    physical, slash, below = resource.partition("/")
    if slash and not below.startswith("index/"):
        below = below.partition("/")[0] + "/*"
    return f"{names.get(physical, physical)}{slash}{below}"


def listed(rights: frozenset[Right]) -> str:
    return "\n  ".join(f"{one.who}: {one.action} on {one.resource}" for one in sorted(rights))


def whole_folder_is_run(session: pytest.Session) -> bool:
    here = Path(__file__).parent
    run = {item.path for item in session.items}
    chosen = session.config.getoption("keyword") or session.config.getoption("deselect")
    return run >= set(here.glob("test_*.py")) and not chosen


@pytest.fixture(scope="module")
def used_rights(environment: Environment, environments: list[Environment]) -> frozenset[Right]:
    assert environment in environments
    needed = used(environments)
    KEPT.parent.mkdir(exist_ok=True)
    unused = sorted(granted() - needed)
    KEPT.write_text(json.dumps({"used": sorted(needed), "unused": unused}, indent=1) + "\n")
    return needed


def test_no_function_needs_a_right_that_its_role_lacks(used_rights: frozenset[Right]) -> None:
    missing = used_rights - granted()
    assert not missing, MISSING.format(rights=listed(missing))


def test_no_function_has_a_right_that_nothing_needs(
    used_rights: frozenset[Right], request: pytest.FixtureRequest
) -> None:
    if not whole_folder_is_run(request.session):
        pytest.skip("what is unused is known only when all of tests/e2e was run")
    polled = {right for function in functions().values() for right in lambdas_own(function)}
    unused = granted() - used_rights - polled - RARE.keys()
    assert not unused, UNUSED.format(rights=listed(frozenset(unused)))


def test_a_rare_right_is_granted_and_its_use_shown_elsewhere() -> None:
    """Whether it is used here too depends on timing: a busy machine is like a rush."""
    assert RARE.keys() <= granted(), "no role grants it any more: take it out of RARE"
    for _, shown_by in RARE.values():
        path, _, test = shown_by.partition("::")
        assert f"def {test}(" in (ROOT / path).read_text(), f"{shown_by} is no test"
