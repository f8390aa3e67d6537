"""Which pages show an object, in whatever role: these are drawn if it changes."""

from collections.abc import Collection, Sequence
from typing import Any

from meterai.pdf.structure.objects import DEEPEST
from meterai.pdf.structure.page_tree import PageNode
from meterai.pdf.verification.changes.fields import Resolver
from meterai.pdf.verification.changes.syntax import Reference, references

_NOT_SHOWN_OF_PAGES = {"/Annots", "/Parent", "/B", "/AA"}
_NOT_SHOWN_OF_ANNOTATIONS = {
    *("/Parent", "/Kids", "/P", "/Dest", "/A", "/AA"),
    *("/Popup", "/IRT", "/SV", "/Lock"),
}
"""These lead to other pages. Further down all references count, whatever their key."""


def pages_that_show(
    changed: Collection[int], pages: Sequence[PageNode], state: Resolver
) -> set[int]:
    """The indexes of the pages from which one of these objects is reached."""
    users: dict[int, set[int]] = {}  # of each object: other objects, and pages as ~index
    waiting: list[Reference] = []
    for index, node in enumerate(pages):
        roots, shown = _of_page(node.reference, state)
        waiting += shown
        for reference in (*roots, *shown):
            users.setdefault(reference.idnum, set()).add(~index)
    seen = set[int]()
    while waiting:
        reference = waiting.pop()
        if reference.idnum in seen:
            continue
        seen.add(reference.idnum)
        for inner in references(state.follow(reference)):
            waiting.append(inner)
            users.setdefault(inner.idnum, set()).add(reference.idnum)
    found, above = set[int](), [*changed]
    while above:
        number = above.pop()
        if number not in found:
            found.add(number)
            above += users.get(number, ())
    return {~number for number in found if number < 0}


def _of_page(page: Any, state: Resolver) -> tuple[list[Reference], list[Reference]]:
    """The page and its annotations, and what these lead to and show."""
    roots = [page] if isinstance(page, Reference) else []
    dictionary = state.follow(page)
    if not isinstance(dictionary, dict):
        return roots, []
    shown = _references_but(_NOT_SHOWN_OF_PAGES, dictionary)
    annotations = dictionary.get("/Annots")
    items = state.follow(annotations)
    items = items if isinstance(items, list) else []
    roots += [one for one in (annotations, *items) if isinstance(one, Reference)]
    for item in items:
        annotation = state.follow(item)
        if isinstance(annotation, dict):
            shown += _references_but(_NOT_SHOWN_OF_ANNOTATIONS, annotation)
    for _ in range(DEEPEST):  # resources are inherited
        dictionary = state.follow(dictionary.get("/Parent"))
        if not isinstance(dictionary, dict):
            break
        shown += references(dictionary.get("/Resources"))
    return roots, shown


def _references_but(keys: Collection[str], dictionary: dict[str, Any]) -> list[Reference]:
    return list(references([value for key, value in dictionary.items() if key not in keys]))
