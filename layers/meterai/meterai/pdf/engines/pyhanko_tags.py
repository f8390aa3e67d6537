"""Tags of new widgets, as `incremental.tags` adds them, with pyHanko's writer."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name

from meterai.pdf.engines.pyhanko_update import Update
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    raw,
    reference_key,
)
from meterai.pdf.structure.restrictions import is_signed
from meterai.pdf.structure.tag_tree import KIDS, extended_array, next_key


class Tagged(NamedTuple):
    widget: generic.IndirectObject
    page: generic.IndirectObject
    label: generic.PdfObject


def wants_tags(catalog: Dictionary) -> bool:
    """Not where the tree cannot be extended: a stamp without tags harms nobody."""
    written = raw(catalog, "/StructTreeRoot")
    if reference_key(written) is None or is_signed(catalog):
        return False
    root = follow(written)
    return isinstance(root, dict) and next_key(root) is not None


def add_tags(update: Update, fields: Sequence[Tagged]) -> None:
    written = raw(update.root, "/StructTreeRoot")
    root = written.get_object()
    elements = [update.add_object(_element(written, field)) for field in fields]
    kids = entry(root, "/K")
    if isinstance(kids, list):
        _extend(update, root, "/K", elements, written)
    else:
        first = [] if kids is None else [raw(root, "/K")]
        root[pdf_name("/K")] = generic.ArrayObject([*first, *elements])
    _add_parents(update, root, written, fields, elements)
    update.mark_update(written)
    for field in fields:
        page = field.page.get_object()
        if "/Tabs" not in page:
            page[pdf_name("/Tabs")] = pdf_name("/S")
            update.mark_update(field.page)


def _element(root: Any, field: Tagged) -> generic.DictionaryObject:
    place = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/OBJR"),
            pdf_name("/Obj"): field.widget,
            pdf_name("/Pg"): field.page,
        }
    )
    return generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/StructElem"),
            pdf_name("/S"): pdf_name("/Form"),
            pdf_name("/P"): root,
            pdf_name("/Pg"): field.page,
            pdf_name("/Alt"): field.label,
            pdf_name("/K"): place,
        }
    )


def _add_parents(
    update: Update,
    root: Any,
    holder: generic.IndirectObject,
    fields: Sequence[Tagged],
    elements: Sequence[generic.IndirectObject],
) -> None:
    """Append to the number tree, whose keys ascend (7.9.7)."""
    first = next_key(root)
    assert first is not None  # else nobody wants tags
    tree = dictionary_in(root, "/ParentTree")
    if tree is None:
        tree = generic.DictionaryObject()
        root[pdf_name("/ParentTree")] = tree
    elif reference_key(raw(root, "/ParentTree")) is not None:
        holder = raw(root, "/ParentTree")
    keys = [generic.NumberObject(first + at) for at in range(len(elements))]
    pairs = [one for pair in zip(keys, elements, strict=True) for one in pair]
    appended_to = extended_array(tree)
    if appended_to == KIDS:
        limits = generic.ArrayObject([keys[0], keys[-1]])
        leaf = {pdf_name("/Limits"): limits, pdf_name("/Nums"): generic.ArrayObject(pairs)}
        pairs = [update.add_object(generic.DictionaryObject(leaf))]
    if isinstance(entry(tree, appended_to), list):
        _extend(update, tree, appended_to, pairs, holder)
    else:
        tree[pdf_name(appended_to)] = generic.ArrayObject(pairs)
        update.mark_update(holder)
    root[pdf_name("/ParentTreeNextKey")] = generic.NumberObject(first + len(elements))
    for key, field in zip(keys, fields, strict=True):
        field.widget.get_object()[pdf_name("/StructParent")] = key


def _extend(
    update: Update, holder: Dictionary, key: str, items: Sequence[Any], written_in: Any
) -> None:
    """Append to the array; `written_in` is the object that it is in, unless it has its own."""
    follow(raw(holder, key)).extend(items)
    own = raw(holder, key)
    update.mark_update(own if reference_key(own) is not None else written_in)
