"""The parent tree of a tagged document: where new fields are added to it (7.9.7, 14.7.4.4)."""

from typing import Any

from meterai.pdf.structure.objects import Dictionary, entry, follow

KIDS, NUMBERS = "/Kids", "/Nums"


def next_key(structure: Dictionary) -> int | None:
    """The first free key, whatever /ParentTreeNextKey says; None where the tree cannot be extended,
    since nobody can tell its last key. `structure`: the structure tree's root."""
    tree = entry(structure, "/ParentTree")
    last = _last_key(tree) if isinstance(tree, dict) else (-1 if tree is None else None)
    following = entry(structure, "/ParentTreeNextKey")
    if following is None:
        following = 0
    if last is None or not _is_key(following):
        return None
    return max(int(following), last + 1)


def extended_array(tree: Dictionary) -> str:
    """The key of the array that new entries are appended to: a leaf to the kids, else numbers."""
    return KIDS if entry(tree, KIDS) is not None else NUMBERS


def _last_key(tree: Dictionary) -> int | None:
    """The highest key; -1 where there is none, None where it cannot be told."""
    kids, numbers = entry(tree, KIDS), entry(tree, NUMBERS)
    if kids is not None:
        if not isinstance(kids, list) or not kids or numbers is not None:
            return None
        leaf = follow(list.__getitem__(kids, -1))
        numbers = entry(leaf, "/Limits") if isinstance(leaf, dict) else None
        if not isinstance(numbers, list) or len(numbers) != 2:
            return None
        last = follow(list.__getitem__(numbers, 1))
    elif numbers is None or numbers == []:
        return -1
    elif not isinstance(numbers, list) or len(numbers) % 2:
        return None
    else:
        last = follow(list.__getitem__(numbers, -2))
    return int(last) if _is_key(last) else None


def _is_key(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
