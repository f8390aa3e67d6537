"""A stack: all declared resources, created in the order that their references need."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from tests.local.declaration import Created, Declaration, Place
from tests.local.errors import ResourceCreationError, TemplateError, UnhandledResourceError
from tests.local.intrinsics import Resolver
from tests.local.resources import RESOURCE_TYPES
from tests.local.specs import ApiSpec
from tests.local.template import Resource, Template

Spec = TypeVar("Spec")

_IMPLICIT_API = "ServerlessHttpApi"  # SAM's name for the API of events without ApiId
_GLOBALS = {"Function": "AWS::Serverless::Function", "HttpApi": "AWS::Serverless::HttpApi"}


class Stack:
    """Creates resources on demand: referenced ones first."""

    def __init__(self, template: Template, parameters: Mapping[str, str], place: Place) -> None:
        if unknown := set(template.globals) - set(_GLOBALS):
            raise TemplateError(f"Globals not handled: {sorted(unknown)}")
        self._place = place
        self._globals = {_GLOBALS[kind]: body for kind, body in template.globals.items()}
        self._resources = {**template.resources, **_generated(template)}
        self._outputs = template.outputs
        self._resolver = Resolver(
            template,
            parameters=parameters,
            pseudo_parameters={
                "AWS::AccountId": place.account_id,
                "AWS::Partition": "aws",
                "AWS::Region": place.region,
                "AWS::StackId": place.arn(
                    "cloudformation",
                    # AWS's ends with a UUID too, another one for each stack.
                    f"stack/{place.stack_name}/{uuid.uuid5(uuid.NAMESPACE_URL, place.stack_name)}",
                ),
                "AWS::StackName": place.stack_name,
                "AWS::URLSuffix": "amazonaws.com",
            },
            ref=self._ref,
            get_att=self._attribute,
            readdress=place.addresses.readdress,
        )
        self._created: dict[str, Created] = {}
        self._under_way: list[str] = []

    def create(self) -> None:
        """Create every resource whose condition holds.

        All types are checked first, so that a template that cannot run is not partly created.
        """
        self._resolver.check_rules()
        wanted = [r for r in self._resources.values() if self._resolver.holds(r.condition)]
        for resource in wanted:
            if resource.type not in RESOURCE_TYPES:
                raise UnhandledResourceError(resource.logical_id, resource.type)
        for resource in wanted:
            self.created(resource.logical_id)
        if len(self.specs(ApiSpec)) > 1:
            raise TemplateError("the local account runs one ApiSpec, not several")

    def ids(self) -> list[str]:
        return list(self._created)

    def created(self, logical_id: str) -> Created:
        """The resource; created now if it was not yet."""
        if logical_id in self._created:
            return self._created[logical_id]
        resource = self._resources.get(logical_id)
        if resource is None:
            raise TemplateError(f"nothing is called {logical_id}")
        if not self._resolver.holds(resource.condition):
            raise TemplateError(f"{logical_id} is referred to, but its condition is false")
        if logical_id in self._under_way:
            raise TemplateError(f"circular: {' -> '.join([*self._under_way, logical_id])}")
        self._under_way.append(logical_id)
        try:
            for earlier in resource.depends_on:
                self.created(earlier)
            self._created[logical_id] = self._create(resource)
        finally:
            self._under_way.pop()
        return self._created[logical_id]

    def specs(self, kind: type[Spec]) -> list[Spec]:
        """The specs of one kind, which the account runs itself."""
        return [c.spec for c in self._created.values() if isinstance(c.spec, kind)]

    def outputs(self) -> dict[str, str]:
        return {
            name: str(self._resolver.resolve(output["Value"]))
            for name, output in self._outputs.items()
            if self._resolver.holds(output.get("Condition"))
        }

    def _create(self, resource: Resource) -> Created:
        resource_type = RESOURCE_TYPES.get(resource.type)
        if resource_type is None:
            raise UnhandledResourceError(resource.logical_id, resource.type)
        properties = _merged(self._globals.get(resource.type, {}), resource.properties)
        # SAM makes resources of their own of it, which refer to alarms that refer to the function.
        properties.pop("DeploymentPreference", None)
        declaration = Declaration(
            logical_id=resource.logical_id,
            type=resource.type,
            properties=self._resolver.resolve(properties),
            metadata=self._resolver.resolve(dict(resource.metadata)),
            place=self._place,
        )
        resource_type.check(declaration)
        try:
            return resource_type.create(declaration)
        except (BotoCoreError, ClientError) as refused:
            raise ResourceCreationError(
                resource.logical_id, resource.type, str(refused)
            ) from refused

    def _ref(self, logical_id: str) -> str:
        api, _, made = logical_id.partition(".")
        if made == "Stage":  # SAM's name for the stage that it makes of an API
            return "$default"
        return self.created(api).ref

    def _attribute(self, logical_id: str, attribute: str) -> str:
        attributes = self.created(logical_id).attributes
        if attribute not in attributes:
            raise TemplateError(f"{logical_id} has no attribute {attribute} here")
        return attributes[attribute]


def _merged(general: Any, own: Any) -> Any:
    """SAM's rule for Globals: maps are merged, lists joined, any other value is the resource's own.

    https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-template-anatomy-globals.html
    """
    if isinstance(general, Mapping) and isinstance(own, Mapping):
        joint = {key: _merged(general[key], own[key]) for key in general.keys() & own.keys()}
        return {**general, **own, **joint}
    if isinstance(general, list) and isinstance(own, list):
        return [*general, *own]
    return own


def _generated(template: Template) -> dict[str, Resource]:
    """SAM's additions: a role `<Function>Role` for each function, and the implicit API."""
    generated = {}
    for function in template.resources.values():
        if function.type != "AWS::Serverless::Function":
            continue
        if "Role" not in function.properties:
            role = f"{function.logical_id}Role"
            generated[role] = Resource(role, "AWS::IAM::Role", condition=function.condition)
        for event in function.properties.get("Events", {}).values():
            if event["Type"] == "HttpApi" and "ApiId" not in (event.get("Properties") or {}):
                generated[_IMPLICIT_API] = Resource(_IMPLICIT_API, "AWS::Serverless::HttpApi")
    return generated
