"""A stack as it is deployed: its outputs and parameters."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError


class NoSuchStack(Exception):
    """There is none of this name in the Region, it may not be read, or is not of this system."""


@dataclass(frozen=True, slots=True)
class Stack:
    """Its secrets are no parameters."""

    name: str
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]

    @classmethod
    def read(cls, cloudformation: Any, name: str) -> "Stack":
        """Raises NoSuchStack."""
        try:
            [found] = cloudformation.describe_stacks(StackName=name)["Stacks"]
        except (ClientError, BotoCoreError) as failure:
            raise NoSuchStack(str(failure)) from failure
        outputs = {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", ())}
        parameters = {
            one["ParameterKey"]: one["ParameterValue"] for one in found.get("Parameters", ())
        }
        return cls(name, outputs, parameters)

    def output(self, name: str) -> str:
        """Raises NoSuchStack."""
        if name not in self.outputs:
            raise NoSuchStack(f"the stack {self.name} has no output {name}; is it of this system?")
        return self.outputs[name]

    @property
    def api_url(self) -> str:
        """Behind an edge the API's own address refuses."""
        return self._public_host if self.parameter("EdgeKeyHashes") else self.output("ApiUrl")

    @property
    def public_url(self) -> str:
        """Where QR codes lead; without a certificate for the public host the API has its pages."""
        return self._public_host if self.parameter("PublicCertificateArn") else self.api_url

    @property
    def _public_host(self) -> str:
        return f"https://{self.parameter('PublicHost')}"

    def parameter(self, name: str) -> str:
        """Empty where it has none."""
        return self.parameters.get(name, "")
