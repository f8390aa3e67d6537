"""The fields of the form and their widgets, in one state of the file (ISO 32000-1, 12.7)."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from meterai.pdf.structure.objects import DEEPEST
from meterai.pdf.structure.strings import Text
from meterai.pdf.verification.changes.syntax import Reference, references

MAX_FIELDS = 60_000


class Resolver(Protocol):
    """One state of the file."""

    def follow(self, value: Any) -> Any:
        """The object that a reference leads to; anything else as it is."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field or widget. `kind` is its /FT, `value` its /V and `default` its /DA, all also if
    inherited."""

    number: int
    kind: Any
    value: Any
    default: Any
    root: int


@dataclass(slots=True)
class FormFields:
    """`fields` by object number; `appearances`: for each of their appearance and value objects the
    field. Read when it is first needed: a form may have thousands of fields.
    """

    fields: dict[int, Field] = field(default_factory=dict)
    appearances: dict[int, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    is_read: bool = False

    def read(self, catalog: dict[str, Any], resolver: Resolver) -> None:
        """All fields of the form in this state, once."""
        if not self.is_read:
            self.is_read = True
            form = resolver.follow(catalog.get("/AcroForm"))
            roots = resolver.follow(form.get("/Fields")) if isinstance(form, dict) else None
            self.add(roots if isinstance(roots, list) else [], resolver)

    def add(self, roots: list[Any], resolver: Resolver) -> None:
        for written, one, dictionary in walk(roots, resolver):
            if written is None or one.number in self.fields:
                continue
            self.fields[one.number] = one
            for key in ("/AP", "/V"):
                for reference in _two_deep(dictionary.get(key), resolver):
                    self.appearances.setdefault(reference.idnum, one.number)
        self.names |= {named for root in roots if (named := name_of(root, resolver))}


def name_of(root: Any, resolver: Resolver) -> str | None:
    """The partial name of a field at the top of the form."""
    dictionary = resolver.follow(root)
    written = dictionary.get("/T") if isinstance(dictionary, dict) else None
    written = resolver.follow(written)
    return str(written) if isinstance(written, Text) else None


def walk(
    roots: list[Any], resolver: Resolver
) -> Iterator[tuple[Reference | None, Field, dict[str, Any]]]:
    """Each field and widget below these: the reference to it, itself, its dictionary."""
    seen = set[int]()
    waiting = [(root, None, None, None, -1, 0) for root in reversed(roots)]
    count = 0
    while waiting:
        written, kind, value, default, root, depth = waiting.pop()
        reference = written if isinstance(written, Reference) else None
        dictionary = resolver.follow(written)
        count += 1
        if not isinstance(dictionary, dict) or depth > DEEPEST or count > MAX_FIELDS:
            continue
        if reference is not None:
            if reference.idnum in seen:
                continue
            seen.add(reference.idnum)
            root = root if root >= 0 else reference.idnum
        kind = dictionary.get("/FT", kind)
        value = dictionary.get("/V", value)
        own = resolver.follow(dictionary.get("/DA"))
        default = default if own is None else own
        number = reference.idnum if reference is not None else -1
        one = Field(number, resolver.follow(kind), value, default, root)
        yield reference, one, dictionary
        kids = resolver.follow(dictionary.get("/Kids"))
        if isinstance(kids, list):
            waiting += [(kid, kind, value, default, root, depth + 1) for kid in reversed(kids)]


def _two_deep(value: Any, resolver: Resolver) -> Iterator[Reference]:
    """References in an /AP, which may be indirect itself, and in its dictionaries of states."""
    for reference in references(value):
        yield reference
        inner = resolver.follow(reference)
        if isinstance(inner, dict) and not hasattr(inner, "data"):
            for deeper in references(inner):
                yield deeper
                states = resolver.follow(deeper)
                if isinstance(states, dict) and not hasattr(states, "data"):
                    yield from references(states)
