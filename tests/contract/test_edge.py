"""`meterai_cli edge`: the stack is made and changed, and its key is changed without a refusal."""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest
from moto import mock_aws

from meterai.entrypoints.edge import NotThroughEdge, require_edge
from meterai_cli.__main__ import main
from meterai_cli.edge import (
    REGION,
    CannotChangeEdge,
    Edge,
    deploy,
    line_of,
    parameters_of,
    renew,
    switch,
)
from meterai_cli.preflight import Plan
from tests.contract.edge_account import API_REGION, EdgeAccount
from tests.integration.template.declared import ROOT

EDGE = "meterai-edge"
GIVEN = {"HostedZoneId": "Z0123456789ABC"}
CONFIG = """
[production.deploy.parameters]
stack_name = "meterai"
region = "ap-southeast-3"
parameter_overrides = "Profile=production PublicHost=meterai.example"

[production.edge.parameters]
parameter_overrides = "HostedZoneId=Z0123456789ABC AlarmEmail=alarms@meterai.example"
"""


@pytest.fixture
def account() -> Iterator[EdgeAccount]:
    with mock_aws():
        made = EdgeAccount()
        made.deploy_api()
        yield made


@pytest.fixture
def plan() -> Plan:
    return Plan(API_REGION, "meterai", {"PublicHost": "meterai.example"})


def hashes(edge: Edge) -> str:
    return line_of(edge).removeprefix("EdgeKeyHashes=")


def key_sent(account: EdgeAccount) -> str:
    """What CloudFront adds to each request."""
    (stack,) = account.edge.describe_stacks(EDGE)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    secret = outputs[f"{parameters['EdgeKey'].capitalize()}KeyArn"]
    secrets = account("secretsmanager", region_name=REGION)
    return str(secrets.get_secret_value(SecretId=secret)["SecretString"])


def is_served(key: str, accepted: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setenv("EDGE_KEY_HASHES", accepted)
    monkeypatch.setenv("PUBLIC_HOST", "meterai.example")
    try:
        require_edge({"meterai-edge": key})
    except NotThroughEdge:
        return False
    return True


def test_the_stack_is_made_before_the_api_and_names_its_host(
    account: EdgeAccount, plan: Plan
) -> None:
    made = deploy(plan, GIVEN, account)
    (stack,) = account.edge.describe_stacks(EDGE)["Stacks"]
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack["Parameters"]}
    assert parameters["ApiHost"] == "m3t3ra1api.execute-api.ap-southeast-3.amazonaws.com"
    assert (parameters["PublicHost"], parameters["FirewallAction"]) == ("meterai.example", "count")
    assert (made.domain_name, made.sends) == ("d111111abcdef8.cloudfront.net", "first")
    assert made.is_served  # the API knows of no edge yet


def test_the_same_again_changes_nothing(account: EdgeAccount, plan: Plan) -> None:
    first = deploy(plan, GIVEN, account)
    assert deploy(plan, GIVEN, account) == first
    assert account.edge.changes == 1


def test_a_key_is_changed_while_every_request_is_served(
    account: EdgeAccount, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    accepted = hashes(deploy(plan, GIVEN, account))
    account.deploy_api(accepted)
    before = key_sent(account)

    renewed = renew(plan, account)
    assert is_served(key_sent(account), accepted, monkeypatch)
    with pytest.raises(CannotChangeEdge, match=f"Deploy it first with {line_of(renewed)}"):
        switch(plan, GIVEN, account)
    accepted = hashes(renewed)
    account.deploy_api(accepted)
    assert is_served(key_sent(account), accepted, monkeypatch)
    assert switch(plan, GIVEN, account).sends == "second"
    assert is_served(key_sent(account), accepted, monkeypatch)

    # The key before is refused once it was renewed in its turn.
    accepted = hashes(renew(plan, account))
    account.deploy_api(accepted)
    assert is_served(key_sent(account), accepted, monkeypatch)
    assert not is_served(before, accepted, monkeypatch)


def test_a_later_deployment_sends_the_same_key(account: EdgeAccount, plan: Plan) -> None:
    account.deploy_api(hashes(deploy(plan, GIVEN, account)))
    switch(plan, GIVEN, account)
    again = deploy(plan, GIVEN | {"FirewallAction": "block"}, account)
    assert (again.sends, again.is_served) == ("second", True)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "HostedZoneId"),
        ({"MonthlyBudgetUsd": "1000", **GIVEN}, "AlarmEmail"),
        ({"FirewalAction": "block", **GIVEN}, "FirewalAction"),
        ({"CertificateArn": "arn:aws:acm:ap-southeast-3:123456789012:certificate/a"}, "pattern"),
    ],
)
def test_what_cannot_work_is_refused(
    account: EdgeAccount, plan: Plan, given: dict[str, str], says: str
) -> None:
    with pytest.raises(CannotChangeEdge, match=says):
        deploy(plan, given, account)
    assert account.edge.stacks == {}


def test_a_change_that_is_rolled_back_says_why(account: EdgeAccount, plan: Plan) -> None:
    account.edge.fails = "One or more of the CNAMEs you provided are already associated"
    with pytest.raises(CannotChangeEdge, match="Distribution: One or more of the CNAMEs"):
        deploy(plan, GIVEN, account)


def test_the_key_is_not_changed_while_the_api_is(account: EdgeAccount, plan: Plan) -> None:
    """Until the last function is deployed, some refuse what others accept."""
    accepted = hashes(deploy(plan, GIVEN, account))
    account.deploy_api(accepted, status="UPDATE_IN_PROGRESS")
    with pytest.raises(CannotChangeEdge, match="meterai is UPDATE_IN_PROGRESS: wait"):
        switch(plan, GIVEN, account)


def test_it_needs_the_api_first(account: EdgeAccount) -> None:
    nowhere = Plan(API_REGION, "not-there", {"PublicHost": "meterai.example"})
    with pytest.raises(CannotChangeEdge, match="no stack not-there in ap-southeast-3"):
        deploy(nowhere, GIVEN, account)


def test_the_command_prints_what_to_deploy_and_fails_while_the_api_refuses_the_edge(
    account: EdgeAccount,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setattr(boto3, "Session", lambda **_: SimpleNamespace(client=account))
    config = tmp_path / "samconfig.toml"
    config.write_text(CONFIG, encoding="utf-8")
    command = ["edge", "--config", str(config), "--config-env", "production"]
    assert main(command) == 0
    said = capsys.readouterr().out
    assert "the edge is at d111111abcdef8.cloudfront.net, and sends its first key" in said
    account.deploy_api(said.strip().rpartition("=")[2])
    assert main([*command, "--switch"]) == 0
    account.deploy_api("0a" * 32)
    assert main(command) == 1
    assert "the API refuses what the edge sends" in capsys.readouterr().err
    assert main([*command, "--switch"]) == 1
    assert main(["edge", "--config-env", "nothing"]) == 2


@pytest.mark.parametrize("environment", ["trial", "production"])
def test_the_committed_examples_are_read(environment: str) -> None:
    given = parameters_of(ROOT / "samconfig.toml", environment)
    assert ("AlarmEmail" in given) is (environment == "production")
