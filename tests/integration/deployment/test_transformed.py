"""What AWS refuses and no emulator does, checked on the template as CloudFormation deploys it."""

import json
import re
from typing import Any

import pytest

from tests.integration.deployment.transformed import SAM_PYTHON, Resources, of_type, transformed
from tests.integration.template.declared import TEMPLATE, default_of
from tests.local.intrinsics import Resolver

pytestmark = pytest.mark.skipif(not SAM_PYTHON.exists(), reason="`make setup` has not run")

# https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
MAX_RESOURCES, MAX_PARAMETERS, MAX_OUTPUTS = 500, 200, 200
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
MAX_ENVIRONMENT_BYTES, MAX_LAYERS, MAX_TIMEOUT_S, ACCOUNT_CONCURRENCY = 4_096, 5, 900, 1_000
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
MAX_DESCRIPTION = 256
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
UNRESERVED = 100
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
MAX_INLINE_POLICY = 10_240  # characters, without white space
IAM_CHARACTERS = re.compile(r"[\t\n\r\u0020-\u00ff]*")
# https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-overview.html
MAX_KEY_POLICY_BYTES = 32_768
# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
MAX_ROUTES, MAX_AUDIENCES, MAX_SCOPES, MAX_LOG_FORMAT_BYTES = 300, 50, 10, 3_072
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html
MAX_QUEUE_POLICY_BYTES, MAX_STATEMENTS, MAX_ACTIONS, MAX_CONDITIONS, MAX_PRINCIPALS = (
    8_192,
    20,
    7,
    10,
    50,
)
# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
MAX_QUEUE_NAME = 80
# https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
MAX_FUNCTION_NAME = 64
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
DAY_S, WEEK_S, HOUR_S = 86_400, 604_800, 3_600
GRADUAL = ("Purchase", "RequestStamping", "Stamp", "ConfirmPayment", "ExecuteRefund")
# https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html
MAX_DOMAIN_PREFIX = 63

both = pytest.mark.parametrize("profile", ["trial", "production"])


@both
def test_the_stack_has_no_more_than_cloudformation_allows(profile: str) -> None:
    assert len(transformed(profile)) <= MAX_RESOURCES
    assert len(TEMPLATE.parameters) <= MAX_PARAMETERS
    assert len(TEMPLATE.outputs) <= MAX_OUTPUTS


@both
def test_the_environment_of_every_function_fits(profile: str) -> None:
    """With the longest names that AWS and an operator give."""
    for name, function in of_type("AWS::Lambda::Function", profile).items():
        variables = _resolver().resolve(function["Environment"]["Variables"])
        size = sum(len(f"{key}{value}".encode()) for key, value in variables.items())
        assert size <= MAX_ENVIRONMENT_BYTES, (name, size)


@both
def test_every_function_is_within_lambdas_limits(profile: str) -> None:
    for name, function in of_type("AWS::Lambda::Function", profile).items():
        assert function["Timeout"] <= MAX_TIMEOUT_S, name
        assert len(function["Layers"]) <= MAX_LAYERS, name
        assert len(function.get("Description", "")) <= MAX_DESCRIPTION, name


def test_a_trial_reserves_no_concurrency_and_a_production_leaves_what_lambda_keeps() -> None:
    assert reserved("trial") == 0
    assert 0 < reserved("production") <= ACCOUNT_CONCURRENCY - UNRESERVED


def reserved(profile: str) -> int:
    functions = of_type("AWS::Lambda::Function", profile).values()
    wanted = [one.get("ReservedConcurrentExecutions", 0) for one in functions]
    return sum(default_of(one["Ref"]) if isinstance(one, dict) else int(one) for one in wanted)


@both
def test_an_event_source_has_provisioned_pollers_or_a_maximum_concurrency_never_both(
    profile: str,
) -> None:
    """They exclude each other:
    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html."""
    sources = of_type("AWS::Lambda::EventSourceMapping", profile)
    assert len(sources) == 6
    for name, source in sources.items():
        limits = {"ProvisionedPollerConfig", "ScalingConfig"} & set(source)
        assert len(limits) == 1, name
        assert "Enabled" in source, name


@both
def test_every_policy_is_short_enough(profile: str) -> None:
    for name, role in of_type("AWS::IAM::Role", profile).items():
        written = "".join(_written(one["PolicyDocument"]) for one in role.get("Policies", []))
        assert len(written) <= MAX_INLINE_POLICY, name
    for name, key in of_type("AWS::KMS::Key", profile).items():
        assert len(_written(key["KeyPolicy"]).encode()) <= MAX_KEY_POLICY_BYTES, name


@both
def test_every_policy_of_a_queue_is_within_sqs_limits(profile: str) -> None:
    for name, policy in of_type("AWS::SQS::QueuePolicy", profile).items():
        document = policy["PolicyDocument"]
        assert len(_written(document).encode()) <= MAX_QUEUE_POLICY_BYTES, name
        statements = document["Statement"]
        assert len(statements) <= MAX_STATEMENTS, name
        for one in statements:
            assert len(_several(one["Action"])) <= MAX_ACTIONS, name
            assert len(_several(one["Principal"])) <= MAX_PRINCIPALS, name
            conditions = [key for keys in one.get("Condition", {}).values() for key in keys]
            assert len(conditions) <= MAX_CONDITIONS, name


def _several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@both
def test_policies_are_written_in_the_characters_that_iam_takes(profile: str) -> None:
    for name, resource in transformed(profile).items():
        for key in ("AssumeRolePolicyDocument", "KeyPolicy", "Policies", "PolicyDocument"):
            text = json.dumps(resource["Properties"].get(key, ""), ensure_ascii=False)
            assert IAM_CHARACTERS.fullmatch(text), name


def _written(policy: Any) -> str:
    """Each reference takes less room here than 120 characters of an ARN there."""
    references = json.dumps(policy).count('"Fn::') + json.dumps(policy).count('"Ref"')
    return json.dumps(policy, separators=(",", ":")) + references * 120 * " "


@both
def test_nothing_in_the_api_is_known_to_bring_a_warning(profile: str) -> None:
    """A warning ends the deployment (FailOnWarnings). It is for what OpenAPI does not allow, such
    as an operation without responses; AWS lists no others, so only a deployment shows whether there
    are any. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-open-api.html"""
    (api,) = of_type("AWS::ApiGatewayV2::Api", profile).values()
    operations = [one for path in api["Body"]["paths"].values() for one in path.values()]
    assert 0 < len(operations) <= MAX_ROUTES
    assert [one for one in operations if "responses" not in one] == []
    ((condition, cors, _),) = api["Body"]["x-amazon-apigateway-cors"].values()
    assert condition == "HasPages"
    assert set(cors) == {"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders", "maxAge"}
    assert cors["allowMethods"] == ["GET", "POST"]


@both
def test_the_api_is_within_its_limits(profile: str) -> None:
    (api,) = of_type("AWS::ApiGatewayV2::Api", profile).values()
    schemes = api["Body"]["components"]["securitySchemes"]
    assert set(schemes) == {"Tokens", "Operators"}
    for scheme in schemes.values():
        authorizer = scheme["x-amazon-apigateway-authorizer"]
        assert 0 < len(authorizer["jwtConfiguration"]["audience"]) <= MAX_AUDIENCES
    operations = [one for path in api["Body"]["paths"].values() for one in path.values()]
    scopes = [
        each for one in operations for way in one.get("security", ()) for each in way.values()
    ]
    assert 0 < max(map(len, scopes)) <= MAX_SCOPES
    (stage,) = of_type("AWS::ApiGatewayV2::Stage", profile).values()
    assert len(stage["AccessLogSettings"]["Format"].encode()) <= MAX_LOG_FORMAT_BYTES


@both
def test_names_fit_where_the_stacks_has_up_to_fifty_characters(profile: str) -> None:
    """CloudFormation takes 128, and no rule of a template can count them."""
    longest = "s" * 50

    def named(resource_type: str, key: str) -> list[str]:
        values = [one[key] for one in of_type(resource_type, profile).values() if key in one]
        return [str(_resolver(longest).resolve(one)) for one in values]

    queues = named("AWS::SQS::Queue", "QueueName")
    functions = named("AWS::Lambda::Function", "FunctionName")
    assert queues
    assert functions
    assert max(map(len, queues)) <= MAX_QUEUE_NAME
    assert max(map(len, functions)) <= MAX_FUNCTION_NAME
    prefixes = named("AWS::Cognito::UserPoolDomain", "Domain")
    assert len(set(prefixes)) == 2
    assert max(map(len, prefixes)) <= MAX_DOMAIN_PREFIX


@both
def test_every_alarm_looks_back_no_further_than_cloudwatch_does(profile: str) -> None:
    for name, alarm in of_type("AWS::CloudWatch::Alarm", profile).items():
        statistics = [one["MetricStat"] for one in alarm.get("Metrics", []) if "MetricStat" in one]
        periods = {one["Period"] for one in statistics} or {alarm["Period"]}
        (period_s,) = periods
        assert period_s % 60 == 0, name
        most_s = WEEK_S if period_s >= HOUR_S else DAY_S
        assert period_s * alarm["EvaluationPeriods"] <= most_s, name


@both
def test_the_stack_subscribes_no_queue_to_a_topic(profile: str) -> None:
    """A queue would need a policy that lets the topic send. A portal's own has one:
    test_portal_queue.py."""
    subscriptions = of_type("AWS::SNS::Subscription", profile).values()
    assert [one for one in subscriptions if one["Protocol"] == "sqs"] == []


PORTAL = "111111111111"


def subscribers(account_id: str) -> dict[str, list[dict[str, Any]]]:
    """What lets anybody subscribe, by topic."""
    policies = of_type("AWS::SNS::TopicPolicy").values()
    found: dict[str, list[dict[str, Any]]] = {}
    for policy in _resolver(PortalAccountId=account_id).resolve(list(policies)):
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Effect"] == "Allow" and statement["Action"] != "sns:Publish":
                found.setdefault(statement["Resource"], []).append(statement)
    return found


def test_only_the_portals_account_subscribes_to_its_topic_and_only_its_own_queues() -> None:
    """No emulator asks a topic's policy. Another account needs to be named by it:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html"""
    topic = "meterai-production-jakarta-1-PortalTopic"
    assert subscribers("") == {}
    assert subscribers(PORTAL) == {
        topic: [
            {
                "Sid": "PortalSubscribesItsQueues",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{PORTAL}:root"},
                "Action": "sns:Subscribe",
                "Resource": topic,
                "Condition": {
                    "StringEquals": {"sns:Protocol": "sqs"},
                    "ArnLike": {"sns:Endpoint": f"arn:aws:sqs:*:{PORTAL}:*"},
                },
            }
        ]
    }


def test_a_schedule_that_an_operator_stops_is_disabled() -> None:
    """SAM takes any value of `Enabled` that is not false for true, a parameter too."""
    rule = transformed()["ReleaseBulkFunctionEveryMinute"]["Properties"]
    assert rule["State"] == {"Fn::If": ["ReleaseBulk", "ENABLED", "DISABLED"]}


def versions(resources: Resources) -> dict[str, str]:
    """The version that each alias names, by function."""
    return {
        one["Properties"]["FunctionName"]["Ref"]: one["Properties"]["FunctionVersion"][
            "Fn::GetAtt"
        ][0]
        for one in resources.values()
        if one["Type"] == "AWS::Lambda::Alias"
    }


def test_a_new_release_makes_new_versions_though_no_function_changed() -> None:
    before = versions(transformed(release="2611300900"))
    after = versions(transformed(release="2611300901"))
    assert set(before) == {f"{name}Function" for name in GRADUAL}
    assert versions(transformed(release="2611300900")) == before
    assert set(before.values()) & set(after.values()) == set()
    for function in of_type("AWS::Lambda::Function").values():
        # Lambda publishes nothing where neither code nor configuration changed:
        # https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html
        assert function["Environment"]["Variables"]["RELEASE"] == {"Ref": "Release"}


def test_new_versions_take_over_gradually_and_are_rolled_back_on_an_alarm() -> None:
    for name in GRADUAL:
        group = transformed()[f"{name}FunctionDeploymentGroup"]["Properties"]
        assert "Linear10PercentEvery1Minute" in str(group["DeploymentConfigName"])
        assert group["AlarmConfiguration"]["Enabled"] is True
        (alarm,) = group["AlarmConfiguration"]["Alarms"]
        assert alarm["Name"]["Ref"] in transformed()
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        alias = transformed()[f"{name}FunctionAliaslive"]
        update = alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert update["DeploymentGroupName"] == {"Ref": f"{name}FunctionDeploymentGroup"}


def _resolver(stack: str = "meterai-production-jakarta-1", **parameters: str) -> Resolver:
    physical = {
        "AWS::DynamoDB::Table": "{stack}-{name}-1ABCDEFGHIJKL",
        "AWS::KMS::Key": "mrk-0123456789abcdef0123456789abcdef",
        "AWS::SQS::Queue": "https://sqs.ap-southeast-3.amazonaws.com/123456789012/{stack}-{name}",
        "AWS::SecretsManager::Secret": (
            "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:{name}-AbCdEfGhIjKl-a1b2c3"
        ),
        "AWS::S3::Bucket": "{stack}-{name}-1abcdefghijkl",
        "AWS::SNS::Topic": "{stack}-{name}",
        "AWS::Cognito::UserPool": "ap-southeast-3_AbCdEfGhI",
        "AWS::Cognito::UserPoolClient": "1h57kf5cpq17m0eml12EXAMPLE",
        "AWS::Cognito::UserPoolDomain": "{stack}-123456789012",
    }

    def ref(name: str) -> str:
        return physical[TEMPLATE.resources[name].type].format(stack=stack, name=name)

    return Resolver(
        TEMPLATE,
        parameters={
            "PublicHost": "h" * 28,
            "EdgeKeyHashes": f"{'a' * 64},{'b' * 64}",
            "TimestampUrls": ",".join(["https://timestamps.authority.example/rfc3161"] * 3),
            "PortalName": "p" * 32,
            **parameters,
        },
        pseudo_parameters={
            "AWS::StackName": stack,
            "AWS::AccountId": "123456789012",
            "AWS::Partition": "aws",
            "AWS::Region": "ap-southeast-3",
        },
        ref=ref,
        get_att=lambda name, attribute: f"{name}.{attribute}",
        readdress=str,
    )
