"""edge.yaml: what must never be cached is not, what is cached has its key, the firewall lets people
behind one address live. CloudFront and AWS WAF run nowhere here: AWS's schemas judge the form
(cfn-lint), and these tests what it means by AWS's documentation."""

import json
from typing import Any

import pytest
from cfnlint.api import lint_file  # type: ignore[import-untyped]
from cfnlint.core import ManualArgs  # type: ignore[import-untyped]
from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER  # type: ignore[import-untyped]

from meterai.entrypoints.edge import EDGE_KEY
from meterai_cli.edge import REGION, TEMPLATE
from tests.integration.template.declared import TEMPLATE as API
from tests.integration.template.declared import default_of
from tests.local.template import read_template

EDGE = read_template(TEMPLATE)
DISTRIBUTION = EDGE.resources["Distribution"].properties["DistributionConfig"]
CACHED = {one["PathPattern"]: one for one in DISTRIBUTION["CacheBehaviors"]}
RULES = {one["Name"]: one for one in EDGE.resources["Firewall"].properties["Rules"]}
# Their ids are the same in every account:
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-origin-request-policies.html
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/HTTPStatusCodes.html
ERRORS_THAT_ARE_CACHED = {400, 403, 404, 405, 414, 500, 501, 502, 503, 504}


def test_cfn_lint_finds_nothing() -> None:
    found = lint_file(TEMPLATE, config=ManualArgs(regions=[REGION]))
    assert [str(match) for match in found] == []


def test_it_stands_apart_because_jakarta_has_no_budgets() -> None:
    known = PROVIDER_SCHEMA_MANAGER.get_resource_types
    assert "AWS::Budgets::Budget" in known(REGION)
    assert "AWS::Budgets::Budget" not in known("ap-southeast-3")


def test_nothing_with_a_token_or_a_cookie_is_cached() -> None:
    everything_else = DISTRIBUTION["DefaultCacheBehavior"]
    assert everything_else["CachePolicyId"] == CACHING_DISABLED
    assert everything_else["OriginRequestPolicyId"] == ALL_BUT_HOST  # Authorization, cookies
    assert everything_else["ViewerProtocolPolicy"] == "https-only"
    open_to_all = {event for event in _paths() if event not in _paths(with_token=True)}
    for pattern, behaviour in CACHED.items():
        prefix = pattern.removesuffix("*")
        inside = [path for path in _paths() if path.startswith(prefix)]
        assert inside, pattern
        assert set(inside) <= open_to_all
        assert "OriginRequestPolicyId" not in behaviour  # so neither reaches the API


def _paths(*, with_token: bool = False) -> set[str]:
    events = [
        event["Properties"]
        for function in API.resources.values()
        if function.type == "AWS::Serverless::Function"
        for event in function.properties.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    open_to_all = {"Authorizer": "NONE"}
    return {one["Path"] for one in events if not with_token or one["Auth"] != open_to_all}


def test_errors_are_kept_no_longer_than_they_say() -> None:
    """By default for ten seconds, also where nothing is cached: by its path alone."""
    least = {one["ErrorCode"]: one for one in DISTRIBUTION["CustomErrorResponses"]}
    assert set(least) == ERRORS_THAT_ARE_CACHED
    assert all(set(one) == {"ErrorCode", "ErrorCachingMinTTL"} for one in least.values())
    assert {one["ErrorCachingMinTTL"] for one in least.values()} == {0}


def test_pages_are_cached_as_cache_control_says_by_language_and_kind() -> None:
    policy = EDGE.resources["PublicPages"].properties["CachePolicyConfig"]
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    # With a least time of 0 `no-store` and `private` are respected:
    # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/Expiration.html
    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    assert key["HeadersConfig"]["Headers"] == ["Accept", "Accept-Language"]
    assert key["CookiesConfig"] == {"CookieBehavior": "none"}
    assert key["QueryStringsConfig"] == {"QueryStringBehavior": "none"}
    for behaviour in CACHED.values():
        assert behaviour["CachePolicyId"] == {"Ref": "PublicPages"}
        (function,) = behaviour["FunctionAssociations"]
        assert function["FunctionARN"] == {"Fn::GetAtt": ["ReduceHeaders", "FunctionARN"]}


def test_the_origin_is_the_api_and_gets_the_key_that_is_chosen() -> None:
    (origin,) = DISTRIBUTION["Origins"]
    assert origin["DomainName"] == {"Ref": "ApiHost"}
    assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == "https-only"
    assert origin["CustomOriginConfig"]["OriginReadTimeout"] > 30  # of the API
    (header,) = origin["OriginCustomHeaders"]
    assert header["HeaderName"].lower() == EDGE_KEY
    assert header["HeaderValue"] == {
        "Fn::If": [
            "SendFirstKey",
            {"Fn::Sub": "{{resolve:secretsmanager:${FirstKey}:SecretString}}"},
            {"Fn::Sub": "{{resolve:secretsmanager:${SecondKey}:SecretString}}"},
        ]
    }


def test_the_firewall_counts_first() -> None:
    assert EDGE.parameters["FirewallAction"]["Default"] == "count"
    for rule in RULES.values():
        kind = "OverrideAction" if "OverrideAction" in rule else "Action"
        condition, _, otherwise = rule[kind]["Fn::If"]
        assert (condition, otherwise) == ("Blocks", {"Count": {}})


def test_a_limit_by_address_is_no_limit_of_a_person() -> None:
    """Mobile operators put many people behind one address: a thousand who wait ask every ten
    seconds. An address may still take but a small part of the API."""
    limit = EDGE.parameters["AddressRequests"]["Default"]
    assert limit >= 1_000 * 300 / 10
    assert limit / 300 <= default_of("ApiRequestsPerSecond") / 20
    assert EDGE.parameters["TokenRequests"]["Default"] >= 300  # one a second for one person


@pytest.mark.parametrize("name", ["requests-of-an-address", "common-rules"])
def test_webhooks_pass_the_firewall(name: str) -> None:
    statement = next(iter(RULES[name]["Statement"].values()))
    excepted = list(_not_statements(statement["ScopeDownStatement"]))
    paths = [one["ByteMatchStatement"] for one in excepted if "ByteMatchStatement" in one]
    assert [one["SearchString"] for one in paths] == ["/v1/webhooks/"]


def test_networks_that_are_known_have_no_limit() -> None:
    limits = [one for one in RULES.values() if "RateBasedStatement" in one["Statement"]]
    assert len(limits) == 3
    for rule in limits:
        excepted = _not_statements(rule["Statement"]["RateBasedStatement"]["ScopeDownStatement"])
        known = {"IPSetReferenceStatement": {"Arn": {"Fn::GetAtt": ["Known", "Arn"]}}}
        assert known in list(excepted), rule["Name"]


def _not_statements(statement: Any) -> Any:
    match statement:
        case {"NotStatement": {"Statement": inner}}:
            yield inner
        case {"AndStatement": {"Statements": parts}}:
            for part in parts:
                yield from _not_statements(part)


def test_a_refusal_says_what_it_is_in_both_languages() -> None:
    bodies = EDGE.resources["Firewall"].properties["CustomResponseBodies"]
    problem = json.loads(bodies["Problem"]["Content"])
    assert (problem["code"], problem["status"]) == ("too_many_requests", 429)
    for text in (problem["detail"], bodies["Page"]["Content"]):
        assert "Coba lagi dalam beberapa menit." in text
        assert "Try again in a few minutes." in text
    for rule in RULES.values():
        if "RateBasedStatement" in rule["Statement"]:
            answer = rule["Action"]["Fn::If"][1]["Block"]["CustomResponse"]
            assert answer["ResponseCode"] == 429
            assert answer["CustomResponseBodyKey"] in bodies
            assert {"retry-after", "ratelimit", "ratelimit-policy"} <= {
                one["Name"] for one in answer["ResponseHeaders"]
            }


def test_the_alarms_watch_this_distribution_and_this_firewall() -> None:
    """https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html"""
    firewall = EDGE.resources["Firewall"].properties
    name = {"Ref": "AWS::StackName"}
    assert (firewall["Name"], firewall["VisibilityConfig"]["MetricName"]) == (name, name)
    refusals = EDGE.resources["EdgeRefusalsAlarm"].properties
    assert refusals["Dimensions"] == [
        {"Name": "WebACL", "Value": name},
        {"Name": "Rule", "Value": "ALL"},
    ]
    errors = EDGE.resources["EdgeErrorsAlarm"].properties
    assert errors["Dimensions"][0]["Value"] == {"Ref": "Distribution"}
    alarms = (refusals, errors)
    assert all(one["AlarmActions"] == [{"Ref": "AlarmTopic"}] for one in alarms)


def test_no_log_has_what_a_client_wrote() -> None:
    """https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html"""
    fields = EDGE.resources["AccessLogDelivery"].properties["RecordFields"]
    written = ("cs-uri", "cs(", "cs-cookie", "x-forwarded-for", "cs-headers", "x-host-header")
    assert [field for field in fields if field.startswith(written)] == []
    logging = EDGE.resources["FirewallLogging"].properties
    assert logging["RedactedFields"] == [{"UriPath": {}}]
    protected = EDGE.resources["Firewall"].properties["DataProtectionConfig"]["DataProtections"]
    kinds = {one["Field"]["FieldType"]: one["Field"].get("FieldKeys") for one in protected}
    assert kinds == {
        "SINGLE_HEADER": ["authorization", "cookie"],
        "QUERY_STRING": None,
        "BODY": None,
    }
