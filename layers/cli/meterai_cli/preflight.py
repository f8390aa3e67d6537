"""Before a deployment: are the account, the Region and the parties outside ready? It only reads."""

import json
import shlex
import socket
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from meterai.domain.errors import GatewayRefused, Unavailable
from meterai.gateways.keys import KEY_NAMES, GatewayKeys
from meterai.gateways.package import GatewayConfig
from meterai.gateways.registry import package_of

# As in template.yaml, for what an operator leaves out.
DEFAULTS = {
    "Profile": "trial",
    "PagesUrl": "",
    "PublicCertificateArn": "",
    "SesIdentityArn": "",
    "SignInCallbacks": "http://localhost:8080/",
    "CorsOrigins": "http://localhost:8080",
    "Gateway": "midtrans",
    "GatewayUrl": "https://api.sandbox.midtrans.com",
    "GatewaySecretArn": "",
}
NEEDED_CONCURRENCY = {"trial": 10, "production": 1_000}
# By their names in /aws/service/global-infrastructure.
SERVICES = (
    "apigateway",
    "backup",
    "cloudwatch",
    "codedeploy",
    "cognito-idp",
    "dynamodb",
    "ec2",
    "events",
    "kms",
    "lambda",
    "logs",
    "route53resolver",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "xray",
)
# Only some Regions have the list of all Regions' services; Jakarta is not one of them.
LISTING_REGION = "ap-southeast-1"
MIN_CERTIFICATE_LEFT = timedelta(days=30)
LIVE_KEY_OF_XENDIT = "xnd_production_"  # its test keys begin with xnd_development_
NO_SUCH_CHARGE = "preflight-asks-for-what-is-not-there"

Clients = Callable[..., Any]
"""As `boto3.Session.client`: of the plan's Region, unless `region_name` says another."""


class Verdict(StrEnum):
    OK = "ok"
    WRONG = "wrong"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """`says`: what was found and, unless it is right, what to do."""

    subject: str
    verdict: Verdict
    says: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is going to be deployed."""

    region: str
    stack_name: str
    parameters: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.parameters.get(name, DEFAULTS.get(name, ""))

    @classmethod
    def from_samconfig(cls, path: Path, environment: str) -> "Plan":
        """Raises OSError, ValueError, KeyError."""
        config = tomllib.loads(path.read_text(encoding="utf-8"))
        given = config[environment]["deploy"]["parameters"]
        overrides = given["parameter_overrides"]
        parts = shlex.split(overrides) if isinstance(overrides, str) else overrides
        parameters = dict(part.split("=", 1) for part in parts)
        return cls(given["region"], given["stack_name"], parameters)


def preflight(plan: Plan, clients: Clients) -> list[Finding]:
    """Every check, whatever the others find. What the caller may not read is unknown."""
    found = []
    for name, check in CHECKS.items():
        try:
            found += list(check(plan, clients))
        except (ClientError, BotoCoreError) as failure:
            found.append(Finding(name, Verdict.UNKNOWN, str(failure)))
    return found


def _concurrency(plan: Plan, clients: Clients) -> Iterator[Finding]:
    limit = clients("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    needed = NEEDED_CONCURRENCY[plan["Profile"]]
    says = f"the account may run {limit} functions at once, a {plan['Profile']} needs {needed}"
    if limit < needed:
        says += "; ask for the quota L-B99A9384, or deploy Profile=trial"
    yield Finding("quota", Verdict.OK if limit >= needed else Verdict.WRONG, says)


def _region(plan: Plan, clients: Clients) -> Iterator[Finding]:
    """https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-global-infrastructure.html"""
    path = f"/aws/service/global-infrastructure/regions/{plan.region}/services"
    ssm = clients("ssm", region_name=LISTING_REGION)
    pages = ssm.get_paginator("get_parameters_by_path").paginate(Path=path)
    there = {one["Value"] for page in pages for one in page["Parameters"]}
    missing = sorted(set(SERVICES) - there)
    if missing:
        says = f"{plan.region} has no {', '.join(missing)}; deploy to another Region"
        yield Finding("region", Verdict.WRONG, says)
    else:
        yield Finding("region", Verdict.OK, f"{plan.region} has every service")


def _certificate(plan: Plan, clients: Clients) -> Iterator[Finding]:
    arn, host = plan["PublicCertificateArn"], plan["PublicHost"]
    if not arn and plan["EdgeKeyHashes"]:
        yield Finding("certificate", Verdict.OK, "the edge has it")
        return
    if not arn:
        is_trial = plan["Profile"] == "trial"
        says = "without PublicCertificateArn the addresses in QR codes lead nowhere"
        yield Finding("certificate", Verdict.OK if is_trial else Verdict.WRONG, says)
        return
    if f":{plan.region}:" not in arn:  # ACM does not know it there
        yield Finding("certificate", Verdict.WRONG, f"it is not of {plan.region}")
        return
    found = clients("acm").describe_certificate(CertificateArn=arn)["Certificate"]
    names = {found["DomainName"], *found.get("SubjectAlternativeNames", ())}
    wrong = []
    if found["Status"] != "ISSUED":
        wrong.append(f"it is {found['Status']}: make the DNS records that ACM asks for")
    if not names & {host, f"*.{host.partition('.')[2]}"}:
        wrong.append(f"it is for {', '.join(sorted(names))}, not for {host}")
    if "NotAfter" in found and found["NotAfter"] - datetime.now(UTC) < MIN_CERTIFICATE_LEFT:
        wrong.append(f"it expires at {found['NotAfter']}")
    verdict = Verdict.WRONG if wrong else Verdict.OK
    yield Finding("certificate", verdict, "; ".join(wrong) or f"it is issued for {host}")


def _dns(plan: Plan, clients: Clients) -> Iterator[Finding]:  # noqa: ARG001 (DNS is not of AWS)
    host = plan["PublicHost"]
    try:
        found = {one[4][0] for one in socket.getaddrinfo(host, 443)}
    except OSError:
        says = f"{host} has no address; after the deployment point it to PublicDomainTarget"
        yield Finding("dns", Verdict.UNKNOWN, says)
    else:
        yield Finding("dns", Verdict.OK, f"{host} is at {', '.join(sorted(map(str, found)))}")


_THIS_MACHINE = tuple(f"http://{host}" for host in ("localhost", "127.0.0.1", "[::1]"))


def _pages(plan: Plan, clients: Clients) -> Iterator[Finding]:  # noqa: ARG001 (reads the plan)
    """Cognito takes http on this machine alone, any scheme of an app, and compares addresses letter
    by letter; browsers take pages alone as origins:
    https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html
    """
    is_production = plan["Profile"] == "production"
    addresses = {name: plan[name] for name in ("PagesUrl", "SignInCallbacks", "CorsOrigins")}
    addresses["PagesUrl"] = plan["PagesUrl"] or f"https://{plan['PublicHost']}"
    for name, listed in addresses.items():
        wrong = [
            one
            for one in listed.split(",")
            if (is_production if one.startswith(_THIS_MACHINE) else not one.startswith("https://"))
            and not (name == "SignInCallbacks" and _is_of_an_app(one))
        ]
        verdict = Verdict.WRONG if wrong else Verdict.OK
        says = f"{', '.join(wrong)}: use https addresses of your pages" if wrong else listed
        yield Finding(name, verdict, says)


def _is_of_an_app(address: str) -> bool:
    scheme, separator, _ = address.partition(":")
    return bool(separator) and scheme not in ("http", "https")


def _mail(plan: Plan, clients: Clients) -> Iterator[Finding]:
    arn = plan["SesIdentityArn"]
    if not arn:
        is_trial = plan["Profile"] == "trial"
        says = "Cognito's own sender mails 50 sign-up codes a day"
        yield Finding("mail", Verdict.OK if is_trial else Verdict.WRONG, says)
        return
    ses, identity = clients("sesv2"), arn.rpartition("/")[2]
    if not ses.get_email_identity(EmailIdentity=identity)["VerifiedForSendingStatus"]:
        yield Finding("mail", Verdict.WRONG, f"{identity} is not verified; make its DNS records")
    elif not ses.get_account()["ProductionAccessEnabled"]:
        says = "SES is in its sandbox, which mails to verified addresses only; ask to leave it"
        yield Finding("mail", Verdict.WRONG, says)
    else:
        yield Finding("mail", Verdict.OK, f"{identity} may send")


def _gateway(plan: Plan, clients: Clients) -> Iterator[Finding]:
    name, arn = plan["Gateway"], plan["GatewaySecretArn"] or _secret_of_the_stack(plan, clients)
    if not arn:
        says = "there is no secret yet; after the deployment run set-gateway-keys"
        yield Finding("gateway", Verdict.UNKNOWN, says)
        return
    secret = clients("secretsmanager").get_secret_value(SecretId=arn)
    try:
        stored = dict(json.loads(secret["SecretString"]))
    except (ValueError, TypeError):
        says = "the secret is no JSON object; set it to {} and run set-gateway-keys"
        yield Finding("gateway", Verdict.WRONG, says)
        return
    keys = {one: stored.get(one, "") for one in KEY_NAMES}
    needed = ("server_key", "callback_token") if name == "xendit" else ("server_key",)
    if missing := [one for one in needed if not keys[one]]:
        says = f"the secret has no {', '.join(missing)}; run set-gateway-keys"
        yield Finding("gateway", Verdict.WRONG, says)
        return
    if plan["Profile"] == "trial" and keys["server_key"].startswith(LIVE_KEY_OF_XENDIT):
        says = "the key is live, and a trial protects no table; set a test key"
        yield Finding("gateway", Verdict.WRONG, says)
        return
    config = GatewayConfig(name, plan["GatewayUrl"], "", GatewayKeys(lambda: keys))
    try:
        package_of(name).gateway(config).status(NO_SUCH_CHARGE)
    except GatewayRefused as refused:
        says = f"{plan['GatewayUrl']} refuses the key ({refused.values}); is it of this address?"
        yield Finding("gateway", Verdict.WRONG, says)
    except Unavailable as failure:
        says = f"{plan['GatewayUrl']} does not answer ({failure.values})"
        yield Finding("gateway", Verdict.UNKNOWN, says)
    else:
        yield Finding("gateway", Verdict.OK, f"{plan['GatewayUrl']} takes the key")


def _secret_of_the_stack(plan: Plan, clients: Clients) -> str:
    """Empty before the first deployment."""
    try:
        stacks = clients("cloudformation").describe_stacks(StackName=plan.stack_name)["Stacks"]
    except ClientError:
        return ""
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stacks[0].get("Outputs", ())}
    return str(outputs.get("GatewaySecretArn", ""))


CHECKS: Mapping[str, Callable[[Plan, Clients], Iterator[Finding]]] = {
    "quota": _concurrency,
    "region": _region,
    "certificate": _certificate,
    "dns": _dns,
    "pages": _pages,
    "mail": _mail,
    "gateway": _gateway,
}
