"""The file before and after one later revision."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meterai.pdf.structure.strings import Text
from meterai.pdf.verification.changes.objects import Objects, Unparsed
from meterai.pdf.verification.changes.revisions import Revision
from meterai.pdf.verification.changes.syntax import (
    Reference,
    dictionaries,
    differing_twins,
    followed,
    references,
    same,
    same_entry,
    stream_data,
    twins_in,
)

STREAM = "stream"
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
    generations: dict[int, int] = field(default_factory=dict)
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
            is_meant = reference.generation == self.generations[number]
            return self.later[number] if is_meant else None
        if number in self.freed:
            return None
        return self.issued.value(number, reference.generation)

    def follow(self, value: Any) -> Any:
        return followed(value, self.value)

    def advance(self, revision: Revision, wanted: Mapping[int, object]) -> None:
        """Become the state after the revision. Referrers are kept for the `wanted` numbers."""
        self.later |= revision.objects
        self.generations |= revision.generations
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

    def value(self, reference: Reference) -> Any:
        """The object; None where its generation is another one."""
        number = reference.idnum
        if number in self.revision.objects:
            is_meant = reference.generation == self.revision.generations[number]
            return self.revision.objects[number] if is_meant else None
        return None if number in self.revision.freed else self.before.value(reference)

    def follow(self, value: Any) -> Any:
        return followed(value, self.value)

    def is_new(self, value: Any) -> bool:
        """Whether this is a reference to an object that only this revision brought."""
        return isinstance(value, Reference) and value.idnum in self.new


def changed_keys(old: dict[str, Any], new: dict[str, Any], after: After) -> set[str]:
    """The keys whose values differ, or that have other values beside them; STREAM for its data."""
    keys = old.keys() & new.keys()
    differ = {
        key
        for key in keys
        if not same_entry(key, old[key], new[key]) and not equal(old[key], new[key], after)
    }
    data = {STREAM} if stream_data(old) != stream_data(new) else set()
    return differ | (old.keys() ^ new.keys()) | differing_twins(old, new) | data


def are_texts(*values: Any) -> bool:
    """Whether these are strings, or missing: no drawing goes by a string of a dictionary."""
    return all(value is None or isinstance(value, Text) for value in values)


def added(old: list[Any], new: list[Any], after: After) -> list[Any] | None:
    """The items that `new` has beside all those of `old` in their order; None for another list."""
    if new[: len(old)] == old and all(map(same, _direct(old), _direct(new))):
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


def _direct(items: list[Any]) -> list[Any]:
    return [item for item in items if not isinstance(item, Reference)]


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


@dataclass(frozen=True, slots=True)
class Allowed:
    """Which objects may refer to one, and under which keys any object may."""

    by: frozenset[int] = frozenset()
    keys: frozenset[str] = frozenset()


class Explained:
    """The changed objects that a comparison accounts for.

    An object that may change in one role must have no other role, in which a page may show it.
    """

    def __init__(self) -> None:
        self._allowed: dict[int, Allowed | None] = {}

    def add(self, number: int, by: Collection[int] = (), keys: Collection[str] = ()) -> None:
        """Only the objects `by` may refer to it; others only in arrays, or as the value of one of
        `keys`, if any are given."""
        known = self._allowed.get(number, Allowed())
        if known is not None:
            self._allowed[number] = Allowed(known.by | {*by}, known.keys | {*keys})

    def add_freely(self, number: int) -> None:
        """What changes in it shows in no role."""
        self._allowed[number] = None

    def merge(self, other: "Explained") -> None:
        for number in other.numbers():
            allowed = other.allowed(number)
            if allowed is None:
                self.add_freely(number)
            else:
                self.add(number, allowed.by, allowed.keys)

    def numbers(self) -> set[int]:
        return set(self._allowed)

    def allowed(self, number: int) -> Allowed | None:
        return self._allowed[number]

    def others(self, number: int, referrers: set[int], state: Before) -> set[int]:
        """The referrers that are not allowed."""
        allowed = self._allowed[number]
        if allowed is None:
            return set()
        left = referrers - allowed.by
        if not allowed.keys:
            return left
        return {one for one in left if not _refers_by(state.current(one), number, allowed.keys)}


def _refers_by(value: Any, number: int, keys: Collection[str]) -> bool:
    return not isinstance(value, Unparsed) and all(
        key in keys
        for one in dictionaries(value)
        for key, items in [*twins_in(one).items(), *((key, [item]) for key, item in one.items())]
        for item in items
        if isinstance(item, Reference) and item.idnum == number
    )
