"""PDF objects as plain Python values, alike for the incremental engine's reader and pyHanko's.

Both keep dictionaries in `dict`, arrays in `list`, names and text in `str`. Their own look-ups
differ (only one resolves array items), so structure is read here through the built-in types, and
each rule on it is written once for both.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from meterai.domain.errors import DocumentDamaged

Dictionary = dict[str, Any]

HIGHEST_OBJECT_NUMBER = 4_000_000
"""Pdfium reads no higher, and other readers differ beyond it."""

DEEPEST = 64
"""Nesting of page trees and form fields beyond this is an attack, not a document."""

MAX_NODES = 50_000
"""So is a tree of more nodes: the longest document seen in public has 20,000 pages."""

_PLAIN = frozenset((int, float, str, bool, type(None)))
_NUMBERS = frozenset((int, float))


def follow(value: Any) -> Any:
    """The object itself: references are resolved, encryption proxies unwrapped; null is None."""
    if type(value) in _PLAIN or isinstance(value, (dict, list)):
        return value
    for _ in range(DEEPEST):
        if hasattr(value, "idnum") or hasattr(value, "decrypted"):
            value = value.get_object() if hasattr(value, "idnum") else value.decrypted
        else:
            return None if type(value).__name__ == "NullObject" else value
    raise DocumentDamaged(cause="reference_loop")


def form_fields(form: Dictionary | None) -> Iterator[tuple[Any, Dictionary]]:
    """The fields of an interactive form: (as written, field). Every reader opens a form whose
    fields contain each other, so each counts once."""
    roots = items_in(form, "/Fields") if form is not None else []
    return ((written, field) for written, field, _ in tree(roots, "/Kids", once=True))


def stream_data(written: Any) -> bytes:
    """What a stream holds, decoded; empty where there is none. Raises Unsupported, and errors of
    any kind."""
    if hasattr(written, "stream_data"):
        return bytes(written.stream_data())
    return bytes(getattr(follow(written), "data", b""))


def raw(dictionary: Dictionary, key: str) -> Any:
    """The entry as written, possibly a reference; None where there is none."""
    return dict.get(dictionary, key)


def entry(dictionary: Dictionary, key: str) -> Any:
    return follow(raw(dictionary, key))


def dictionary_in(dictionary: Dictionary, key: str) -> Dictionary | None:
    """The dictionary (or stream) under `key`; None where there is none."""
    value = entry(dictionary, key)
    return value if isinstance(value, dict) else None


def items_in(dictionary: Dictionary, key: str) -> list[Any]:
    """The array under `key`, its items as written; empty where there is none."""
    value = entry(dictionary, key)
    return list(list.__iter__(value)) if isinstance(value, list) else []


def number_in(dictionary: Dictionary, key: str) -> float | None:
    value = entry(dictionary, key) if key in dictionary else None
    return float(value) if isinstance(value, (int, float, Decimal)) else None


def numbers(value: Any) -> list[float] | None:
    """The items of an array of numbers; None for anything else."""
    array = follow(value)
    if not isinstance(array, list):
        return None
    followed = list(list.__iter__(array))
    if not set(map(type, followed)) <= _NUMBERS:
        followed = [follow(item) for item in followed]
        if not all(isinstance(item, (int, float, Decimal)) for item in followed):
            return None
    return list(map(float, followed))


def reference_key(value: Any) -> tuple[int, int] | None:
    """Object number and generation of a reference; None for a direct object."""
    return (value.idnum, value.generation) if hasattr(value, "idnum") else None


def tree(
    roots: list[Any], children: str, *, once: bool = False
) -> Iterator[tuple[Any, Dictionary, Dictionary | None]]:
    """Walk a tree of dictionaries depth first: (as written, node, its parent).

    A node that is met again is passed over if `once` is given, else raises DocumentDamaged: it is a
    loop, or readers count it differently. So does a tree that is too deep or too large.
    """
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[Any, Dictionary | None, int]] = [
        (root, None, 0) for root in reversed(roots)
    ]
    visited = 0
    while waiting:
        written, parent, depth = waiting.pop()
        key = reference_key(written)
        visited += 1
        if key is not None and key in seen and once and visited <= MAX_NODES:
            continue
        if (key is not None and key in seen) or depth > DEEPEST or visited > MAX_NODES:
            raise DocumentDamaged(cause="tree_loops", key=children)
        if key is not None:
            seen.add(key)
        node = follow(written)
        if not isinstance(node, dict):
            continue
        yield written, node, parent
        waiting += [(kid, node, depth + 1) for kid in reversed(items_in(node, children))]


def full_name(field: Dictionary) -> str:
    """The full name: partial names from the root, joined by dots (ISO 32000-1, 12.7.3.2)."""
    parts = [str(part) for one in _ancestry(field) if (part := entry(one, "/T")) is not None]
    return ".".join(reversed(parts))


def inherited(field: Dictionary, key: str) -> object:
    return next((found for one in _ancestry(field) if (found := entry(one, key)) is not None), None)


def _ancestry(field: Dictionary) -> Iterator[Dictionary]:
    """The field and its ancestors."""
    node: Dictionary | None = field
    for _ in range(DEEPEST):
        if node is None:
            return
        yield node
        node = dictionary_in(node, "/Parent")
