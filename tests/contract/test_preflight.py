"""What `preflight` finds before a deployment: at an account that is ready, and at others."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from meterai_cli import preflight as module
from meterai_cli.__main__ import main
from meterai_cli.preflight import DEFAULTS, SERVICES, Plan, Verdict, preflight
from tests.integration.template.declared import ROOT, TEMPLATE
from tests.midtrans import MidtransSimulator
from tests.xendit import XenditSimulator

REGION = "ap-southeast-3"
# "The path /aws/service/global-infrastructure is supported for queries in" these, among others:
# https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html
LISTING_REGIONS = ("ap-southeast-1", "ap-southeast-2", "us-east-1")
HOST = "meterai.example"
OK, WRONG, UNKNOWN = Verdict


@pytest.fixture
def account() -> Iterator["Account"]:
    with mock_aws():
        yield Account()


class Account:
    """moto, with stubs for what it lacks."""

    def __init__(self) -> None:
        self.is_issued = False
        self.concurrency = 1_000
        self.mails_to_anybody = True
        self.is_verified = True
        requested = self("acm").request_certificate(DomainName=HOST)
        self.certificate_arn = str(requested["CertificateArn"])

    def __call__(self, service: str, region_name: str = REGION) -> Any:
        client = boto3.client(cast("Any", service), region_name=region_name)
        match service:
            case "ssm" if region_name not in LISTING_REGIONS:  # moto has the list everywhere
                self._stub(client, ("get_parameters_by_path", {"Parameters": []}))
            case "lambda":
                answer = {"AccountLimit": {"ConcurrentExecutions": self.concurrency}}
                self._stub(client, ("get_account_settings", answer))
            case "sesv2":
                identity = {"VerifiedForSendingStatus": self.is_verified}
                account = {"ProductionAccessEnabled": self.mails_to_anybody}
                self._stub(client, ("get_email_identity", identity), ("get_account", account))
            case "acm" if self.is_issued:  # moto issues none that was asked for
                arn = self.certificate_arn
                found = client.describe_certificate(CertificateArn=arn)["Certificate"]
                issued = {"Certificate": {**found, "Status": "ISSUED"}}
                self._stub(client, ("describe_certificate", issued))
        return client

    @staticmethod
    def _stub(client: Any, *answers: tuple[str, dict[str, Any]]) -> None:
        stubber = Stubber(client)
        for operation, answer in answers:
            stubber.add_response(operation, answer)
        stubber.activate()

    def secret(self, **keys: str) -> str:
        made = self("secretsmanager").create_secret(Name=_name(), SecretString=json.dumps(keys))
        return str(made["ARN"])


def _name() -> str:
    """A new one each time: another test of the process may keep moto's account open."""
    return f"keys-{uuid4().hex}"


def plan(account: Account, **parameters: str) -> Plan:
    return Plan(
        REGION,
        "meterai",
        {
            "Profile": "production",
            "PublicHost": HOST,
            "PublicCertificateArn": account.certificate_arn,
            "SesIdentityArn": f"arn:aws:ses:{REGION}:123456789012:identity/{HOST}",
            "SignInCallbacks": "https://pages.example/,com.example.app:/signed-in",
            "CorsOrigins": "https://pages.example",
            **parameters,
        },
    )


def verdicts(account: Account, planned: Plan) -> dict[str, Verdict]:
    return {one.subject: one.verdict for one in preflight(planned, account)}


def test_an_account_that_is_ready_is_all_right(
    account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    account.is_issued = True
    address = [(0, 0, 0, "", ("203.0.113.1", 443))]
    monkeypatch.setattr(module, "socket", SimpleNamespace(getaddrinfo=lambda *_: address))
    with MidtransSimulator(server_key="ours") as gateway:
        arn = account.secret(server_key="ours")
        planned = plan(account, GatewayUrl=gateway.url, GatewaySecretArn=arn)
        found = preflight(planned, account)
    assert {one.verdict for one in found} == {OK}, found


Break = Callable[[Account], dict[str, str]]


def small(account: Account) -> dict[str, str]:
    account.concurrency = 50
    return {}


def sandbox(account: Account) -> dict[str, str]:
    account.mails_to_anybody = False
    return {}


def unverified(account: Account) -> dict[str, str]:
    account.is_verified = False
    return {}


def not_issued(_: Account) -> dict[str, str]:
    return {}


def of_another_host(account: Account) -> dict[str, str]:
    account.is_issued = True
    return {"PublicHost": "other.example"}


def of_another_region(account: Account) -> dict[str, str]:
    return {"PublicCertificateArn": account.certificate_arn.replace(REGION, "us-east-1")}


def no_certificate(_: Account) -> dict[str, str]:
    return {"PublicCertificateArn": ""}


def own_pages(_: Account) -> dict[str, str]:
    return {"PagesUrl": "http://localhost:8000"}


def local_pages(_: Account) -> dict[str, str]:
    return {"SignInCallbacks": "https://pages.example/,http://localhost:8080/"}


def loopback(_: Account) -> dict[str, str]:
    return {"SignInCallbacks": "https://pages.example/,http://127.0.0.1:8080/"}


def app_as_origin(_: Account) -> dict[str, str]:
    return {"CorsOrigins": "com.example.app:/"}


def plain_pages(_: Account) -> dict[str, str]:
    return {"Profile": "trial", "CorsOrigins": "http://pages.example"}


def no_token(account: Account) -> dict[str, str]:
    return {"Gateway": "xendit", "GatewaySecretArn": account.secret(server_key="ours")}


def bare_key(account: Account) -> dict[str, str]:
    """As an operator pastes it into a secret of their own."""
    made = account("secretsmanager").create_secret(Name=_name(), SecretString="SB-Mid-server-1")
    return {"GatewaySecretArn": str(made["ARN"])}


def live_key(account: Account) -> dict[str, str]:
    """Xendit has one address for real money and for tests: the key tells them apart."""
    keys = {"server_key": "xnd_production_ours", "callback_token": "token"}
    secret = account.secret(**keys)
    return {"Profile": "trial", "Gateway": "xendit", "GatewaySecretArn": secret}


BROKEN: dict[str, tuple[Break, str, str]] = {
    "a small quota": (small, "quota", "L-B99A9384"),
    "SES in its sandbox": (sandbox, "mail", "sandbox"),
    "an identity that is not verified": (unverified, "mail", "DNS records"),
    "a certificate that waits": (not_issued, "certificate", "PENDING_VALIDATION"),
    "a certificate of another host": (of_another_host, "certificate", "not for other.example"),
    "a certificate of another Region": (of_another_region, "certificate", f"not of {REGION}"),
    "no certificate": (no_certificate, "certificate", "lead nowhere"),
    "our pages on this machine": (own_pages, "PagesUrl", "http://localhost:8000"),
    "pages of this machine": (local_pages, "SignInCallbacks", "http://localhost:8080/"),
    "a command's address": (loopback, "SignInCallbacks", "http://127.0.0.1:8080/"),
    "an app as an origin": (app_as_origin, "CorsOrigins", "com.example.app:/"),
    "pages without TLS": (plain_pages, "CorsOrigins", "https"),
    "no call-back token": (no_token, "gateway", "callback_token"),
    "a key that is not in JSON": (bare_key, "gateway", "no JSON object"),
    "real money in a trial": (live_key, "gateway", "test key"),
}


@pytest.mark.parametrize(("break_it", "subject", "says"), BROKEN.values(), ids=BROKEN)
def test_what_is_not_ready_is_wrong_and_says_what_to_do(
    account: Account, break_it: Break, subject: str, says: str
) -> None:
    changes = break_it(account)
    found = [one for one in preflight(plan(account, **changes), account) if one.subject == subject]
    assert [one.verdict for one in found] == [WRONG]
    assert says in found[0].says


@pytest.mark.parametrize("name", ["midtrans", "xendit"])
def test_the_gateway_itself_says_whether_it_takes_the_key(account: Account, name: str) -> None:
    if name == "midtrans":
        simulator: MidtransSimulator | XenditSimulator = MidtransSimulator(server_key="ours")
    else:
        simulator = XenditSimulator(secret_key="ours", callback_token="token")
    with simulator as gateway:
        for key, verdict in (("ours", OK), ("another", WRONG)):
            secret = account.secret(server_key=key, callback_token="token")
            planned = plan(account, Gateway=name, GatewayUrl=gateway.url, GatewaySecretArn=secret)
            assert verdicts(account, planned)["gateway"] is verdict


def test_a_region_without_a_service_is_wrong(account: Account) -> None:
    planned = Plan("xx-nowhere-1", "meterai", {"Profile": "trial", "PublicHost": HOST})
    assert verdicts(account, planned)["region"] is WRONG


def test_the_edge_has_a_certificate_of_its_own(account: Account) -> None:
    changed = plan(account, PublicCertificateArn="", EdgeKeyHashes="0a" * 32)
    assert verdicts(account, changed)["certificate"] is OK


def test_what_may_not_be_read_is_unknown_and_the_rest_is_checked(account: Account) -> None:
    changed = plan(account, PublicCertificateArn=account.certificate_arn + "-not-there")
    found = verdicts(account, changed)
    assert (found["certificate"], found["mail"]) == (UNKNOWN, OK)


@pytest.mark.parametrize("profile", ["trial", "production"])
def test_the_plan_is_read_from_the_configuration_that_sam_deploys(profile: str) -> None:
    read = Plan.from_samconfig(Path(ROOT / "samconfig.toml"), profile)
    assert (read.region, read["Profile"], read["Gateway"]) == (REGION, profile, "midtrans")


def test_the_defaults_are_the_templates() -> None:
    assert {name: str(TEMPLATE.parameters[name]["Default"]) for name in DEFAULTS} == DEFAULTS


def test_every_service_of_the_template_is_looked_for() -> None:
    """By the names that AWS has for them in the list of a Region's services."""
    named = {
        "apigatewayv2": "apigateway",
        "cognito": "cognito-idp",
        "route53resolver": "route53resolver",
        "serverless": "lambda",
        "iam": "",
    }
    used = {one.type.split("::")[1].lower() for one in TEMPLATE.resources.values()}
    assert {named.get(name, name) for name in used} - {""} <= {*SERVICES}


def test_the_command_prints_each_finding_and_fails_if_one_is_wrong(
    account: Account, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.concurrency = 10
    monkeypatch.setattr(boto3, "Session", lambda **_: SimpleNamespace(client=account))
    monkeypatch.chdir(ROOT)
    assert main(["preflight", "--config-env", "trial"]) == 0
    assert "ok      quota           the account may run 10 functions" in capsys.readouterr().out
    assert main(["preflight", "--config-env", "production"]) == 1
    assert "wrong   quota           the account may run 10 functions" in capsys.readouterr().out
    assert main(["preflight", "--config-env", "nothing"]) == 2
