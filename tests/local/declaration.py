"""What a resource handler receives, a `Declaration`, and what it returns, a `Created`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.local.addresses import Addresses
from tests.local.errors import UnhandledResourceError


@dataclass(frozen=True)
class Place:
    """The account and Region that resources are created in."""

    stack_name: str
    account_id: str
    region: str
    addresses: Addresses
    folder: Path  # the template's folder, for its relative paths
    client: Callable[[str], Any]  # boto3 client by service name

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account_id}:{resource}"


@dataclass(frozen=True)
class Declaration:
    """One resource of the template, with its properties resolved."""

    logical_id: str
    type: str
    properties: Mapping[str, Any]
    metadata: Mapping[str, Any]
    place: Place

    def name(self, property_name: str) -> str:
        """The physical name: the one given, or `<stack>-<LogicalId>`."""
        return str(
            self.properties.get(property_name) or f"{self.place.stack_name}-{self.logical_id}"
        )

    def unhandled(self, what: str) -> UnhandledResourceError:
        return UnhandledResourceError(self.logical_id, self.type, what)

    def expect_keys(self, where: str, value: Mapping[str, Any], known: set[str]) -> None:
        """Stop at a nested property that is not listed here."""
        for key in value:
            if key not in known:
                raise self.unhandled(f"{where}.{key}")


@dataclass(frozen=True)
class Created:
    """The values of `Ref` and `GetAtt` for a resource.

    `spec` describes resources that the AWS endpoint does not have (functions, the API, the user
    pool). The account runs them itself.
    """

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    spec: object = None


@dataclass(frozen=True)
class ResourceType:
    """A handled type: the properties that are applied, and those that have no effect.

    `accepted` gives for each property the reason why it may be ignored on one machine. A property
    in neither table stops the account.
    """

    name: str
    applied: frozenset[str]
    accepted: Mapping[str, str]
    create: Callable[[Declaration], Created]

    def check(self, declaration: Declaration) -> None:
        for name in declaration.properties:
            if name not in self.applied and name not in self.accepted:
                raise declaration.unhandled(name)


NO_BILLING = "tags serve billing, grouping and access control; none of them exists here"
NOT_ENFORCED = "recorded; the endpoint grants everything"
