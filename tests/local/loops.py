"""`AWS::LanguageExtensions`: expands the loops of a template.

Only what this project's template uses: `Fn::ForEach` over a literal list, and `Fn::FindInMap` whose
keys are known once the loop is expanded. cfn-lint expands loops too, but importing it takes
seconds; tests/integration/template/test_loops.py compares both results.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.local.errors import TemplateError

_LOOP = "Fn::ForEach::"
_VARIABLE = re.compile(r"\$\{(\w+)\}")


def expand_loops(document: Mapping[str, Any]) -> Any:
    """The document without loops. Raises `TemplateError` if one name is declared twice."""
    return _Expansion(document.get("Mappings", {})).expand(document, {})


class _Expansion:
    def __init__(self, mappings: Mapping[str, Any]) -> None:
        self._mappings = mappings

    def expand(self, value: Any, variables: Mapping[str, str]) -> Any:
        """`variables`: those of the enclosing loops."""
        match value:
            case [*items]:
                return [self.expand(item, variables) for item in items]
            case {"Ref": str(name)} if name in variables:
                return variables[name]
            case {"Fn::Sub": str(text)}:
                return _literal(_replace(text, variables))
            case {"Fn::Sub": [str(text), {**named}]}:
                given = self.expand(named, variables)
                known = {name: item for name, item in given.items() if isinstance(item, str)}
                rest = {name: item for name, item in given.items() if name not in known}
                replaced = _replace(text, {**variables, **known})
                return {"Fn::Sub": [replaced, rest]} if rest else _literal(replaced)
            case {"Fn::FindInMap": keys}:
                return self._find(self.expand(keys, variables))
            case {**fields}:
                return self._fields(fields, variables)
            case _:
                return value

    def _fields(self, fields: Mapping[Any, Any], variables: Mapping[str, str]) -> dict[Any, Any]:
        expanded: dict[Any, Any] = {}
        for name, body in self._each(fields, variables):
            if name in expanded:
                raise TemplateError(f"{name} is declared twice")
            expanded[name] = body
        return expanded

    def _each(
        self, fields: Mapping[Any, Any], variables: Mapping[str, str]
    ) -> Iterator[tuple[Any, Any]]:
        for key, body in fields.items():
            if isinstance(key, str) and key.startswith(_LOOP):
                variable, collection, looped = body
                for item in collection:
                    yield from self._each(looped, {**variables, variable: item})
            else:
                yield _name(key, variables), self.expand(body, variables)

    def _find(self, keys: Any) -> Any:
        if not all(isinstance(key, str) for key in keys):
            return {"Fn::FindInMap": keys}  # with a parameter: left to tests/local/intrinsics.py
        table, first, second = keys
        try:
            return self._mappings[table][first][second]
        except KeyError as missing:
            raise TemplateError(f"Fn::FindInMap {keys}: there is no {missing}") from None


def _literal(text: str) -> Any:
    """A plain string if nothing is left to substitute, else `Fn::Sub`."""
    return {"Fn::Sub": text} if "${" in text else text


def _name(key: Any, variables: Mapping[str, str]) -> Any:
    return _replace(key, variables) if isinstance(key, str) else key


def _replace(text: str, variables: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: variables.get(found[1], found[0]), text)
