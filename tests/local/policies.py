"""What a policy's statements allow: as much of IAM's language as the template and a portal use.

A condition that is not handled here stops the account, by name.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from tests.local.errors import TemplateError

Statement = Mapping[str, Any]


@dataclass(frozen=True)
class Access:
    """What somebody wants to do. `service`: who asks, where that is a service of AWS.
    `context`: the values of condition keys; a key that is not there has no value."""

    action: str
    resource: str
    service: str | None = None
    context: Mapping[str, str] = field(default_factory=dict)


def allows(statements: Iterable[Statement], access: Access) -> bool:
    """Whether a statement allows it and none denies it."""
    effects = {one["Effect"] for one in statements if _applies(one, access)}
    return effects == {"Allow"}


def _applies(statement: Statement, access: Access) -> bool:
    return (
        any(_like(access.action.lower(), one.lower()) for one in _several(statement["Action"]))
        and any(_like(access.resource, one) for one in _several(statement["Resource"]))
        and _names(statement.get("Principal", "*"), access.service)
        and all(
            _holds(operator, key, _several(values), access.context.get(key))
            for operator, wanted in statement.get("Condition", {}).items()
            for key, values in wanted.items()
        )
    )


def _names(principal: Any, service: str | None) -> bool:
    """A statement of a role has no principal: it is about who has the role."""
    if principal == "*" or "*" in _several(principal.get("AWS", ())):
        return True
    return service in _several(principal.get("Service", ()))


def _holds(operator: str, key: str, values: list[str], found: str | None) -> bool:
    match operator:
        case "StringEquals":
            return found in values
        case "StringLike" | "ArnEquals" | "ArnLike":  # the last two are the same
            return found is not None and any(_like(found, one) for one in values)
        case "Bool":
            return found is not None and found.lower() in [one.lower() for one in values]
        case _:
            raise TemplateError(f"a policy's condition is not handled here: {operator} on {key}")


def _several(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else [str(one) for one in value]


def _like(value: str, pattern: str) -> bool:
    """`*` and `?`; IAM knows no sets in brackets."""
    return fnmatchcase(value, pattern.replace("[", "[[]"))
