"""Intrinsic functions: computes the values that CloudFormation would give them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.local.errors import TemplateError
from tests.local.template import Template

_NO_VALUE = object()
_SUBSTITUTION = re.compile(r"\$\{(!?)([^}]+)\}")


class Resolver:
    """Computes intrinsic functions.

    `ref` and `get_att` answer for resources; parameters, mappings and conditions are the
    template's. `readdress` is applied to every composed string, because templates write AWS
    addresses with `!Sub` (see `addresses.py`).
    """

    def __init__(
        self,
        template: Template,
        *,
        parameters: Mapping[str, str],
        pseudo_parameters: Mapping[str, str],
        ref: Callable[[str], str],
        get_att: Callable[[str, str], str],
        readdress: Callable[[str], str],
    ) -> None:
        self._template = template
        self._names: dict[str, Any] = {
            **pseudo_parameters,
            "AWS::NoValue": _NO_VALUE,
            **_parameter_values(template, parameters),
        }
        self._ref = ref
        self._get_att = get_att
        self._readdress = readdress

    def resolve(self, value: Any) -> Any:
        """The value with every intrinsic function replaced; `AWS::NoValue` is left out."""
        resolved = self._value(value)
        return None if resolved is _NO_VALUE else resolved

    def holds(self, condition: str | None) -> bool:
        """Whether the named condition is true; True for no condition."""
        if condition is None:
            return True
        if condition not in self._template.conditions:
            raise TemplateError(f"condition {condition} is not declared")
        return self._truth(self._template.conditions[condition])

    def check_rules(self) -> None:
        """Raises TemplateError if the parameters break one of the template's rules.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
        """
        for name, rule in self._template.rules.items():
            if "RuleCondition" in rule and not self._truth(rule["RuleCondition"]):
                continue
            for one in rule["Assertions"]:
                if not self._truth(one["Assert"]):
                    raise TemplateError(f"rule {name}: {one['AssertDescription']}")

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            items = [self._value(item) for item in value]
            return [item for item in items if item is not _NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            name, argument = next(iter(value.items()))
            if name == "Ref":
                return self._named(argument)
            if isinstance(name, str) and name.startswith("Fn::"):
                return self._function(name, argument)
        resolved = {key: self._value(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not _NO_VALUE}

    def _named(self, name: str) -> Any:
        return self._names[name] if name in self._names else self._ref(name)

    def _function(self, name: str, argument: Any) -> Any:
        match name:
            case "Fn::GetAtt":
                resource, attribute = argument
                return self._get_att(resource, self._value(attribute))
            case "Fn::Sub":
                return self._sub(argument)
            case "Fn::Join":
                separator, items = argument
                return self._readdress(separator.join(str(item) for item in self._value(items)))
            case "Fn::GetAZs":
                region = self._value(argument) or self._names["AWS::Region"]
                return [f"{region}{letter}" for letter in "abc"]
            case "Fn::Select":
                index, items = self._value(argument)
                return items[int(index)]
            case "Fn::Split":
                separator, text = self._value(argument)
                return text.split(separator)
            case "Fn::FindInMap":
                table, first, second = self._value(argument)
                return self._value(self._template.mappings[table][first][second])
            case "Fn::If":
                condition, then, otherwise = argument
                return self._value(then if self.holds(condition) else otherwise)
            case "Fn::Equals" | "Fn::Not" | "Fn::And" | "Fn::Or":
                return self._truth({name: argument})
            case _:
                raise TemplateError(f"the intrinsic function {name} is not handled")

    def _sub(self, argument: Any) -> str:
        text, extra = (argument, {}) if isinstance(argument, str) else argument

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:  # ${!Name} is how a template writes a literal ${Name}
                return f"${{{name}}}"
            if name in extra:
                return str(self._value(extra[name]))
            if "." in name:
                resource, attribute = name.split(".", maxsplit=1)
                return str(self._get_att(resource, attribute))
            return str(self._named(name))

        return self._readdress(_SUBSTITUTION.sub(replace, text))

    def _truth(self, expression: Any) -> bool:
        ((name, argument),) = expression.items()
        match name:
            case "Condition":
                return self.holds(argument)
            case "Fn::Equals":
                left, right = (self._value(side) for side in argument)
                return str(left) == str(right)
            case "Fn::Not":
                return not self._truth(argument[0])
            case "Fn::And":
                return all(self._truth(part) for part in argument)
            case "Fn::Or":
                return any(self._truth(part) for part in argument)
            case _:
                raise TemplateError(f"{name} is not handled in a condition")


def _parameter_values(template: Template, overrides: Mapping[str, str]) -> dict[str, Any]:
    if unknown := set(overrides) - set(template.parameters):
        raise TemplateError(f"the template has no parameters {sorted(unknown)}")
    return {
        name: _parameter_value(name, declared, overrides)
        for name, declared in template.parameters.items()
    }


def _parameter_value(name: str, declared: Mapping[str, Any], overrides: Mapping[str, str]) -> Any:
    if name not in overrides and "Default" not in declared:
        raise TemplateError(f"parameter {name} has no default and was not given")
    value = overrides.get(name, declared.get("Default"))
    allowed = declared.get("AllowedValues")
    if allowed is not None and str(value) not in [str(choice) for choice in allowed]:
        raise TemplateError(f"parameter {name}: {value!r} is not one of {allowed}")
    pattern = declared.get("AllowedPattern")
    if pattern is not None and not re.fullmatch(pattern, str(value)):
        raise TemplateError(f"parameter {name}: {value!r} does not match {pattern}")
    match declared["Type"]:
        case "String" | "Number":
            return str(value)
        case "CommaDelimitedList" | "List<Number>":
            return [item.strip() for item in str(value).split(",")] if value != "" else []
        case other:
            raise TemplateError(f"parameter {name}: the type {other} is not handled")
