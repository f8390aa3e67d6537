"""The file before and after one later revision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meterai.pdf.verification.changes.objects import Objects
from meterai.pdf.verification.changes.revisions import Revision
from meterai.pdf.verification.changes.syntax import (
    Reference,
    differing_twins,
    references,
    same,
    same_entry,
)

MAX_HOPS = 32
INFORMATION = {
    *("/Title", "/Author", "/Subject", "/Keywords", "/Creator", "/Producer", "/Trapped"),
    *("/CreationDate", "/ModDate"),
}
"""Keys of the document information (14.3.3). Some files use the dictionary as another one as well,
where these keys mean nothing."""


@dataclass(slots=True)
class Before:
    """The state before a revision: the issued objects, and those of earlier later revisions."""

    issued: Objects
    later: dict[int, Any] = field(default_factory=dict)
    freed: set[int] = field(default_factory=set)
    later_referrers: dict[int, set[int]] = field(default_factory=dict)

    def has(self, number: int) -> bool:
        return number in self.later or (number in self.issued.entries and number not in self.freed)

    def current(self, number: int) -> Any:
        if number in self.later:
            return self.later[number]
        return None if number in self.freed else self.issued.current(number)

    def value(self, reference: Reference) -> Any:
        """The object; None where its generation is another one."""
        number = reference.idnum
        if number in self.later:
            return self.later[number]
        if number in self.freed:
            return None
        return self.issued.value(number, reference.generation)

    def follow(self, value: Any) -> Any:
        for _ in range(MAX_HOPS):
            if not isinstance(value, Reference):
                return value
            value = self.value(value)
        return None

    def advance(self, revision: Revision, wanted: Mapping[int, object]) -> None:
        """Become the state after the revision. Referrers are kept for the `wanted` numbers."""
        self.later |= revision.objects
        self.freed = (self.freed | revision.freed) - revision.objects.keys()
        for number in revision.freed:
            self.later.pop(number, None)
        for number, value in revision.objects.items():
            for reference in references(value):
                if reference.idnum in wanted:
                    self.later_referrers.setdefault(reference.idnum, set()).add(number)


@dataclass(slots=True)
class After:
    """The state after the revision. `changed`: numbers whose object is another one than before;
    `new`: numbers that were not in use."""

    before: Before
    revision: Revision
    changed: set[int] = field(init=False)
    new: set[int] = field(init=False)

    def __post_init__(self) -> None:
        objects = self.revision.objects
        self.new = {number for number in objects if not self.before.has(number)}
        self.changed = {
            number
            for number in objects.keys() - self.new
            if not same(self.before.current(number), objects[number])
        }

    def current(self, number: int) -> Any:
        if number in self.revision.objects:
            return self.revision.objects[number]
        return None if number in self.revision.freed else self.before.current(number)

    def follow(self, value: Any) -> Any:
        for _ in range(MAX_HOPS):
            if not isinstance(value, Reference):
                return value
            if value.idnum in self.revision.objects:
                value = self.revision.objects[value.idnum]
            elif value.idnum in self.revision.freed:
                return None
            else:
                value = self.before.value(value)
        return None

    def is_new(self, value: Any) -> bool:
        """Whether this is a reference to an object that only this revision brought."""
        return isinstance(value, Reference) and value.idnum in self.new


def changed_keys(old: dict[str, Any], new: dict[str, Any], after: After) -> set[str]:
    """The keys whose values differ, or that have other values beside them."""
    keys = old.keys() & new.keys()
    differ = {
        key
        for key in keys
        if not same_entry(key, old[key], new[key]) and not equal(old[key], new[key], after)
    }
    return differ | (old.keys() ^ new.keys()) | differing_twins(old, new)


def added(old: list[Any], new: list[Any], after: After) -> list[Any] | None:
    """The items that `new` has beside all those of `old` in their order; None for another list."""
    if new[: len(old)] == old:
        rest = new[len(old) :]
    else:
        rest, at = [], 0
        for item in new:
            if at < len(old) and equal(old[at], item, after):
                at += 1
            else:
                rest.append(item)
        if at < len(old):
            return None
    numbers = [item for item in rest if isinstance(item, Reference)]
    known = {item for item in old if isinstance(item, Reference)}
    return None if len(set(numbers)) < len(numbers) or known & set(numbers) else rest


def equal(old: Any, new: Any, after: After) -> bool:
    """Whether a value is the same, or its direct parts became objects of their own, as PDFBox
    writes them."""
    if same(old, new):
        return True
    if after.is_new(new) and not isinstance(old, Reference):
        return equal(old, after.follow(new), after)
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and not changed_keys(old, new, after)
    if isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        return all(equal(one, other, after) for one, other in zip(old, new, strict=True))
    return False


def reachable(start: Any, resolver: Any, limit: int) -> Iterator[int]:
    """The numbers of the objects below a value, at most `limit` of them."""
    seen, waiting = set[int](), list(references(start))
    while waiting and len(seen) < limit:
        reference = waiting.pop()
        if reference.idnum not in seen:
            seen.add(reference.idnum)
            yield reference.idnum
            waiting += references(resolver.follow(reference))


class Explained:
    """The changed objects that a comparison accounts for.

    An object that may change freely in one role must have no other role: then only the `allowed`
    objects may refer to it. Without `allowed` any reference to it is only to its identity.
    """

    def __init__(self) -> None:
        self._allowed: dict[int, set[int] | None] = {}

    def add(self, number: int, allowed: set[int] | None = None) -> None:
        known = self._allowed.get(number, set())
        both = known is not None and allowed is not None
        self._allowed[number] = {*(known or ()), *(allowed or ())} if both else None

    def merge(self, other: "Explained") -> None:
        for number in other.numbers():
            self.add(number, other.allowed(number))

    def allowed(self, number: int) -> set[int] | None:
        return self._allowed[number]

    def numbers(self) -> set[int]:
        return set(self._allowed)

    def others(self, number: int, referrers: set[int]) -> set[int]:
        """The referrers that are not allowed."""
        allowed = self._allowed[number]
        return set() if allowed is None else referrers - allowed
