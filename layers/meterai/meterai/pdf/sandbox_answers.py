"""What a sandboxed child answers, as bytes that run nothing when they are read.

A hostile document may have taken over the child, so its answer is never unpickled. Plain values
pass as JSON with a tag for each type; dataclasses and enumerations of this package by their names.
Whether a value is of the expected type is checked where it leaves `inspect`: `inspections.py`.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache
from typing import Any

from meterai.domain.errors import (
    AlreadyStamped,
    DocumentDamaged,
    DocumentRefused,
    MeteraiError,
    Unavailable,
    by_code,
)

PACKAGES = ("meterai.domain.", "meterai.pdf.")
BYTES, VALUE, REFUSAL, ERROR = (b"B", b"V", b"R", b"E")
MAX_NAME = 100  # characters


def write_answer(answer: object) -> bytes:
    if isinstance(answer, bytes):
        return BYTES + answer
    return VALUE + json.dumps(_tagged(answer)).encode()


def write_refusal(refusal: MeteraiError) -> bytes:
    return REFUSAL + json.dumps([refusal.code, refusal.values]).encode()


def write_error(error: Exception) -> bytes:
    return ERROR + type(error).__name__.encode()


def read(said: bytes) -> Any:
    """The answer. Raises the refusal that it is instead, and DocumentDamaged for any other error,
    also for what no child of ours says."""
    kind, content = said[:1], said[1:]
    if kind == BYTES:
        return content
    if kind == ERROR:
        raise DocumentDamaged(cause=content[:MAX_NAME].decode("ascii", "replace"))
    try:
        told = json.loads(content)
        if kind == VALUE:
            return _value(told)
        code, values = told
        refusal = _refusals()[code](**values)
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise DocumentDamaged(cause="answer") from error
    raise refusal


def _tagged(value: object) -> Any:
    match value:
        case Enum():
            return ["enum", _name(type(value)), value.value]
        case None | bool() | int() | float() | str():
            return value
        case bytes() | bytearray():
            return ["bytes", b64encode(value).decode()]
        case datetime():
            return ["datetime", value.isoformat()]
        case list() | tuple() | set() | frozenset():
            return [type(value).__name__, *map(_tagged, value)]
        case dict():
            return ["dict", *([_tagged(key), _tagged(one)] for key, one in value.items())]
        case _ if is_dataclass(value) and not isinstance(value, type):
            parts = ([one.name, _tagged(getattr(value, one.name))] for one in fields(value))
            return ["dataclass", _name(type(value)), *parts]
        case _:
            raise TypeError(f"no answer of a sandbox: {type(value).__name__}")


def _name(kind: type) -> str:
    return f"{kind.__module__}:{kind.__qualname__}"


_PLAIN: dict[str, Callable[..., Any]] = {
    "bytes": lambda text: b64decode(text, validate=True),
    "datetime": datetime.fromisoformat,
    "list": lambda *items: [_value(one) for one in items],
    "tuple": lambda *items: tuple(_value(one) for one in items),
    "set": lambda *items: {_value(one) for one in items},
    "frozenset": lambda *items: frozenset(_value(one) for one in items),
    "dict": lambda *items: {_value(key): _value(one) for key, one in items},
    "enum": lambda name, value: _named(name, Enum)(value),
    "dataclass": lambda name, *parts: _named(name)(**{key: _value(one) for key, one in parts}),
}


def _value(told: Any) -> Any:
    if isinstance(told, list):
        return _PLAIN[told[0]](*told[1:])
    if isinstance(told, dict):
        raise TypeError("no value has this form")
    return told


def _named(name: str, base: type | None = None) -> Any:
    """A class of values of this package. Nothing is imported for it."""
    module, _, qualified = name.partition(":")
    kind = vars(sys.modules[module])[qualified]
    is_value = issubclass(kind, base) if base else is_dataclass(kind)
    if not module.startswith(PACKAGES) or not isinstance(kind, type) or not is_value:
        raise TypeError(name)
    return kind


@cache
def _refusals() -> dict[str, type[MeteraiError]]:
    """Those that reading or stamping a document may raise."""
    return by_code(AlreadyStamped, Unavailable, DocumentRefused)
