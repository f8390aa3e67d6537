"""The edge (edge.yaml): deploys its stack to us-east-1, and changes the key that marks requests.

The edge has two keys, of which it sends one. The API knows their hashes (`EdgeKeyHashes`), so it
accepts the other key before the edge sends it.
"""

import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import ClientError, WaiterError

from meterai_cli.preflight import Clients, Plan

REGION = "us-east-1"  # CloudFront's certificates, web ACLs and metrics are nowhere else
TEMPLATE = Path(__file__).with_name("edge.yaml")
OTHER = {"first": "second", "second": "first"}
# A certificate is validated and a distribution deployed within the hour, or something is wrong.
WITHIN_AN_HOUR = {"Delay": 15, "MaxAttempts": 240}
NOTHING_CHANGED = "No updates are to be performed"


class CannotChangeEdge(Exception):
    """Says what to do."""


@dataclass(frozen=True, slots=True)
class Edge:
    """What is deployed. `hashes`: of the key that is sent, then of the other. `accepted`: of the
    API; empty while it serves everybody."""

    domain_name: str
    sends: str
    hashes: tuple[str, str]
    accepted: tuple[str, ...]

    @property
    def is_served(self) -> bool:
        return not self.accepted or self.hashes[0] in self.accepted


def parameters_of(path: Path, environment: str) -> dict[str, str]:
    """Of edge.yaml, from samconfig.toml. Raises OSError, ValueError, KeyError."""
    config = tomllib.loads(path.read_text(encoding="utf-8"))[environment]
    given = config.get("edge", {}).get("parameters", {}).get("parameter_overrides", "")
    return dict(part.split("=", 1) for part in shlex.split(given))


def deploy(plan: Plan, given: Mapping[str, str], clients: Clients) -> Edge:
    """Makes the stack, or changes it to `given`; it sends the same key as before. Raises
    CannotChangeEdge."""
    before = _stack(clients, _name(plan), REGION)
    key = _parameter(before, "EdgeKey") if before else "first"
    _change(plan, {**given, "EdgeKey": key}, clients)
    return read(plan, clients)


def switch(plan: Plan, given: Mapping[str, str], clients: Clients) -> Edge:
    """The edge sends its other key, if the API accepts that. Raises CannotChangeEdge."""
    now = read(plan, clients)
    if now.accepted and now.hashes[1] not in now.accepted:
        raise CannotChangeEdge(
            f"the API would refuse the other key. Deploy it first with {line_of(now)}"
        )
    _change(plan, {**given, "EdgeKey": OTHER[now.sends]}, clients)
    return read(plan, clients)


def renew(plan: Plan, clients: Clients) -> Edge:
    """The key that is not sent gets a new value. The one before is refused when the API has the new
    hashes."""
    now = read(plan, clients)
    outputs = _outputs(_required(clients, _name(plan), REGION))
    secret = outputs[f"{OTHER[now.sends].capitalize()}KeyArn"]
    client = clients("secretsmanager", region_name=REGION)
    client.put_secret_value(SecretId=secret, SecretString=token_urlsafe(48))
    return read(plan, clients)


def read(plan: Plan, clients: Clients) -> Edge:
    """Raises CannotChangeEdge where one of the stacks is not there, or is being changed."""
    api = _required(clients, plan.stack_name, plan.region)
    stack = _required(clients, _name(plan), REGION)
    outputs, sends = _outputs(stack), _parameter(stack, "EdgeKey")
    secrets = clients("secretsmanager", region_name=REGION)
    first, second = (
        secrets.get_secret_value(SecretId=outputs[f"{key.capitalize()}KeyArn"])["SecretString"]
        for key in (sends, OTHER[sends])
    )
    accepted = _parameter(api, "EdgeKeyHashes")
    return Edge(
        domain_name=outputs["DistributionDomainName"],
        sends=sends,
        hashes=(_hash(first), _hash(second)),
        accepted=tuple(one for one in accepted.split(",") if one),
    )


def line_of(edge: Edge) -> str:
    """The parameter of template.yaml."""
    return f"EdgeKeyHashes={','.join(edge.hashes)}"


def _change(plan: Plan, given: Mapping[str, str], clients: Clients) -> None:
    api = _outputs(_required(clients, plan.stack_name, plan.region))
    known = {"PublicHost": plan["PublicHost"], "ApiHost": urlsplit(api["ApiUrl"]).hostname}
    cloudformation = clients("cloudformation", region_name=REGION)
    arguments: dict[str, Any] = {
        "StackName": _name(plan),
        "TemplateBody": TEMPLATE.read_text(encoding="utf-8"),
        "Parameters": [
            {"ParameterKey": name, "ParameterValue": value}
            for name, value in {**known, **given}.items()
        ],
    }
    is_new = _stack(clients, _name(plan), REGION) is None
    try:
        if is_new:  # a stack that could not be made would be in the way of the next try
            made = cloudformation.create_stack(**arguments, OnFailure="DELETE")
        else:
            made = cloudformation.update_stack(**arguments)
    except ClientError as refused:
        if NOTHING_CHANGED in str(refused):
            return
        raise CannotChangeEdge(f"CloudFormation refuses it: {refused}") from None
    waiter = cloudformation.get_waiter(f"stack_{'create' if is_new else 'update'}_complete")
    try:
        waiter.wait(StackName=made["StackId"], WaiterConfig=WITHIN_AN_HOUR)
    except WaiterError as failure:
        raise CannotChangeEdge(_why(cloudformation, made["StackId"], failure)) from None


def _why(cloudformation: Any, stack_id: str, failure: WaiterError) -> str:
    """The reasons that CloudFormation gives, the first one last."""
    events = cloudformation.describe_stack_events(StackName=stack_id)["StackEvents"]
    failed = [
        f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}"
        for one in events
        if one["ResourceStatus"].endswith("FAILED")
    ]
    return "; ".join(failed) or str(failure)


def _name(plan: Plan) -> str:
    return f"{plan.stack_name}-edge"


def _stack(clients: Clients, name: str, region: str) -> Any | None:
    try:
        found = clients("cloudformation", region_name=region).describe_stacks(StackName=name)
    except ClientError as refused:
        if "does not exist" in str(refused):
            return None
        raise
    return found["Stacks"][0]


def _required(clients: Clients, name: str, region: str) -> Any:
    stack = _stack(clients, name, region)
    if stack is None:
        raise CannotChangeEdge(f"there is no stack {name} in {region}: deploy it first")
    if not stack["StackStatus"].endswith("_COMPLETE"):
        raise CannotChangeEdge(f"{name} is {stack['StackStatus']}: wait, and try again")
    return stack


def _parameter(stack: Any, name: str) -> str:
    found = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", ())}
    return str(found.get(name, ""))


def _outputs(stack: Any) -> dict[str, str]:
    return {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", ())}


def _hash(key: str) -> str:
    return sha256(key.encode()).hexdigest()
