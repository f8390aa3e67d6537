"""Two sizes of one template: a trial that fits a fresh account, and a production."""

import shlex
import tomllib
from typing import Any

import pytest

from tests.integration.template.declared import ROOT, TRIAL, of_type
from tests.local.errors import TemplateError
from tests.local.intrinsics import Resolver
from tests.local.template import read_template

# Concurrent executions of a new account. AWS says that they are reduced, and gives no number:
# https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
# Those of https://github.com/awslabs/fhir-works-on-aws-deployment/issues/691 were this many.
NEW_ACCOUNT = 10
MIN_EVENT_SOURCE_CONCURRENCY = 2
PRODUCTION = {
    "Profile": "production",
    "PublicCertificateArn": "arn:aws:acm:ap-southeast-3:123456789012:certificate/of-the-host",
    "SesIdentityArn": "arn:aws:ses:ap-southeast-3:123456789012:identity/meterai.example",
    "SignInCallbacks": "https://pages.example/",
    "CorsOrigins": "https://pages.example",
}
LIVE = "https://api.midtrans.com"
REFUSED: dict[str, tuple[dict[str, str], str]] = {
    "a public host without a certificate": (
        {**PRODUCTION, "PublicCertificateArn": ""},
        "PublicCertificateArn",
    ),
    "sign-in on this machine": (
        {**PRODUCTION, "SignInCallbacks": "http://localhost:8080/"},
        "SignInCallbacks",
    ),
    "pages on this machine": ({**PRODUCTION, "CorsOrigins": "http://localhost:8080"}, "Cors"),
    "codes by Cognito's own sender": ({**PRODUCTION, "SesIdentityArn": ""}, "SesIdentityArn"),
    "real money in a trial": ({"GatewayUrl": LIVE}, "Profile=production"),
    "Xendit at Midtrans": ({"Gateway": "xendit"}, "https://api.xendit.co"),
    "Midtrans at Xendit": ({"GatewayUrl": "https://api.xendit.co"}, "GatewayUrl"),
    "a previous gateway without its address": ({"PreviousGateway": "xendit"}, "PreviousGateway"),
    "the same gateway as the previous one": (
        {"PreviousGateway": "midtrans", "PreviousGatewayUrl": "https://api.sandbox.midtrans.com"},
        "PreviousGateway",
    ),
    "files of a trial that nobody may delete": (
        {"StampedFilesLockMode": "COMPLIANCE"},
        "StampedFilesLockMode=GOVERNANCE",
    ),
    "timestamps without a server": ({"SignatureLevel": "B-T"}, "TimestampUrls"),
}
ALLOWED: dict[str, dict[str, str]] = {
    "the defaults": {},
    "a production at the sandbox": PRODUCTION,
    "a production behind the edge": {
        **PRODUCTION,
        "PublicCertificateArn": "",
        "EdgeKeyHashes": f"{'0a' * 32},{'1b' * 32}",
    },
    "a production": {**PRODUCTION, "GatewayUrl": LIVE},
    "Xendit": {"Gateway": "xendit", "GatewayUrl": "https://api.xendit.co"},
    "a changed gateway": {
        "Gateway": "xendit",
        "GatewayUrl": "https://api.xendit.co",
        "PreviousGateway": "midtrans",
        "PreviousGatewayUrl": "https://api.sandbox.midtrans.com",
    },
    "locked files": {
        **PRODUCTION,
        "StampedFilesLockDays": "3650",
        "StampedFilesLockMode": "COMPLIANCE",
    },
    "timestamps": {"SignatureLevel": "B-LT", "TimestampUrls": "https://tsa.example"},
}


def functions_of_the_trial() -> list[dict[str, Any]]:
    return [dict(one.properties) for one in of_type("AWS::Serverless::Function", TRIAL).values()]


def test_a_trial_reserves_nothing() -> None:
    assert [f for f in functions_of_the_trial() if "ReservedConcurrentExecutions" in f] == []


def test_the_event_sources_of_a_trial_fit_a_new_account() -> None:
    """A lane that receives more than may run fills its dead letters."""
    sources = [
        event["Properties"]
        for function in functions_of_the_trial()
        for event in function.get("Events", {}).values()
        if event["Type"] == "SQS" and event["Properties"]["Enabled"] != "false"
    ]
    assert [one for one in sources if "ProvisionedPollerConfig" in one] == []
    limits = [one["ScalingConfig"]["MaximumConcurrency"] for one in sources]
    assert set(limits) == {MIN_EVENT_SOURCE_CONCURRENCY}
    assert sum(limits) <= NEW_ACCOUNT


def test_nothing_in_a_trial_is_protected_against_its_deletion() -> None:
    tables = of_type("AWS::DynamoDB::Table", TRIAL).values()
    assert {table.properties["DeletionProtectionEnabled"] for table in tables} == {False}
    pools = of_type("AWS::Cognito::UserPool", TRIAL).values()
    assert {pool.properties["DeletionProtection"] for pool in pools} == {"INACTIVE"}


def check(parameters: dict[str, str]) -> None:
    template = read_template(ROOT / "template.yaml")
    Resolver(
        template,
        parameters={"PublicHost": "meterai.example", **parameters},
        pseudo_parameters={},
        ref=str,
        get_att=lambda name, _: name,
        readdress=str,
    ).check_rules()


@pytest.mark.parametrize(("parameters", "says"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_work_is_refused_with_what_to_do(parameters: dict[str, str], says: str) -> None:
    with pytest.raises(TemplateError, match=says):
        check(parameters)


@pytest.mark.parametrize("parameters", ALLOWED.values(), ids=ALLOWED)
def test_what_works_is_allowed(parameters: dict[str, str]) -> None:
    check(parameters)


@pytest.mark.parametrize("profile", ["trial", "production"])
def test_the_committed_examples_of_parameters_are_allowed(profile: str) -> None:
    config = tomllib.loads((ROOT / "samconfig.toml").read_text(encoding="utf-8"))[profile]
    given = config["deploy"]["parameters"]["parameter_overrides"]
    parameters = dict(part.split("=", 1) for part in shlex.split(given))
    assert parameters["Profile"] == profile
    check(parameters)
    assert config["global"]["parameters"]["language_extensions"] is True
    # CloudFormation puts them on what the stack makes; no resource has tags of its own.
    assert config["deploy"]["parameters"]["tags"] == f"system=meterai profile={profile}"
