"""The account of the edge: moto, with a CloudFormation that knows two stacks.

moto's has no resource of CloudFront, AWS WAF or Secrets Manager. This one refuses what AWS's does:
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateStack.html and, for
parameters and rules,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html,
https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html.
"""

import re
from typing import Any, cast
from uuid import uuid4

import boto3
from botocore.exceptions import ClientError, WaiterError

from meterai_cli.edge import REGION, TEMPLATE
from tests.local.errors import TemplateError
from tests.local.intrinsics import Resolver
from tests.local.template import read_template

API_REGION = "ap-southeast-3"
MAX_TEMPLATE_BYTES = 51_200
API_URL = "https://m3t3ra1api.execute-api.ap-southeast-3.amazonaws.com"


class EdgeAccount:
    """`boto3.Session.client`, of the plan's Region unless another is named."""

    def __init__(self) -> None:
        self.api, self.edge = Stacks(), EdgeStacks(boto3.client("secretsmanager", REGION))

    def __call__(self, service: str, region_name: str = API_REGION) -> Any:
        if service == "cloudformation":
            return self.edge if region_name == REGION else self.api
        return boto3.client(cast("Any", service), region_name=region_name)

    def deploy_api(self, hashes: str = "", *, status: str = "UPDATE_COMPLETE") -> None:
        """The stack of template.yaml, as far as the edge knows it."""
        self.api.write("meterai", {"EdgeKeyHashes": hashes}, {"ApiUrl": API_URL}, status)


class Stacks:
    """What CloudFormation has in a Region."""

    def __init__(self) -> None:
        self.stacks: dict[str, dict[str, Any]] = {}
        self.changes = 0

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 (AWS's name)
        if StackName not in self.stacks:
            raise _refused(f"Stack with id {StackName} does not exist")
        return {"Stacks": [self.stacks[StackName]]}

    def write(
        self, name: str, parameters: dict[str, str], outputs: dict[str, str], status: str
    ) -> None:
        self.changes += 1
        self.stacks[name] = {
            "StackName": name,
            "StackStatus": status,
            "Parameters": [
                {"ParameterKey": one, "ParameterValue": value} for one, value in parameters.items()
            ],
            "Outputs": [{"OutputKey": one, "OutputValue": value} for one, value in outputs.items()],
        }


class EdgeStacks(Stacks):
    """CloudFormation's calls, for stacks of edge.yaml. `fails`: the reason why the next change is
    rolled back."""

    def __init__(self, secrets: Any) -> None:
        super().__init__()
        self._secrets = secrets
        self.fails = ""

    def create_stack(self, *, OnFailure: str, **given: Any) -> dict[str, str]:  # noqa: N803
        assert OnFailure == "DELETE"
        name = given["StackName"]
        if name in self.stacks:
            raise _refused(f"Stack [{name}] already exists", "AlreadyExistsException")
        parameters = self._checked(given)
        keys = [self._key() for _ in range(2)]
        if not self.fails:
            outputs = {
                "DistributionDomainName": "d111111abcdef8.cloudfront.net",
                "FirstKeyArn": keys[0],
                "SecondKeyArn": keys[1],
            }
            self.write(name, parameters, outputs, "CREATE_COMPLETE")
        return {"StackId": name}

    def update_stack(self, **given: Any) -> dict[str, str]:
        name = given["StackName"]
        before = self.describe_stacks(name)["Stacks"][0]
        parameters = self._checked(given)
        if {one["ParameterKey"]: one["ParameterValue"] for one in before["Parameters"]} == (
            parameters
        ):
            raise _refused("No updates are to be performed.")
        if not self.fails:
            outputs = {one["OutputKey"]: one["OutputValue"] for one in before["Outputs"]}
            self.write(name, parameters, outputs, "UPDATE_COMPLETE")
        return {"StackId": name}

    def get_waiter(self, name: str) -> "EdgeStacks":
        assert name in {"stack_create_complete", "stack_update_complete"}
        return self

    def wait(self, StackName: str, WaiterConfig: dict[str, int]) -> None:  # noqa: N803
        assert set(WaiterConfig) == {"Delay", "MaxAttempts"}
        if self.fails:
            raise WaiterError("StackCreateComplete", f"{StackName} was rolled back", {})

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:  # noqa: N803
        failed = {"ResourceStatus": "CREATE_FAILED", "ResourceStatusReason": self.fails}
        begun = {"ResourceStatus": "CREATE_IN_PROGRESS", "LogicalResourceId": StackName}
        return {"StackEvents": [{**failed, "LogicalResourceId": "Distribution"}, begun]}

    def _checked(self, given: dict[str, Any]) -> dict[str, str]:
        """All parameters, with the defaults."""
        assert given["TemplateBody"] == TEMPLATE.read_text(encoding="utf-8")
        if len(given["TemplateBody"].encode()) > MAX_TEMPLATE_BYTES:
            raise _refused("1 validation error detected: 'templateBody' is too long")
        template = read_template(TEMPLATE)
        named = {one["ParameterKey"]: one["ParameterValue"] for one in given["Parameters"]}
        if unknown := sorted(set(named) - set(template.parameters)):
            raise _refused(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        for name, declared in template.parameters.items():
            if name not in named and "Default" not in declared:
                raise _refused(f"Parameters: [{name}] must have values")
            value = str(named.get(name, declared.get("Default")))
            if not re.fullmatch(declared.get("AllowedPattern", "(?s).*"), value):
                raise _refused(f"Parameter '{name}' must match pattern")
            if value not in map(str, declared.get("AllowedValues", [value])):
                raise _refused(f"Parameter '{name}' must be one of AllowedValues")
        try:
            self._resolver(template, named).check_rules()
        except TemplateError as broken:
            raise _refused(f"Template error: {broken}") from None
        defaults = {name: str(one.get("Default")) for name, one in template.parameters.items()}
        return defaults | named

    @staticmethod
    def _resolver(template: Any, parameters: dict[str, str]) -> Resolver:
        return Resolver(
            template,
            parameters=parameters,
            pseudo_parameters={},
            ref=str,
            get_att=lambda name, _: name,
            readdress=str,
        )

    def _key(self) -> str:
        """As GenerateSecretString does."""
        made = self._secrets.get_random_password(PasswordLength=64, ExcludePunctuation=True)
        name = f"edge-{uuid4().hex}"
        secret = self._secrets.create_secret(Name=name, SecretString=made["RandomPassword"])
        return str(secret["ARN"])


def _refused(message: str, code: str = "ValidationError") -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}}, "CreateStack")
