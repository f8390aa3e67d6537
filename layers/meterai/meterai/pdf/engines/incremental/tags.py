"""Tags of new widgets in a tagged document (ISO 32000-1, 14.7.4.3, 14.7.4.4, 14.8.4.5).

A change of the structure tree after a signature counts as a change of what was signed. So only
documents that nobody has signed get tags, all of them in the first revision.
"""

from collections.abc import Sequence
from typing import NamedTuple

from meterai.pdf.engines.engine import Unsupported
from meterai.pdf.engines.incremental.document import Document
from meterai.pdf.engines.incremental.edits import Edits
from meterai.pdf.engines.incremental.revision import Revision
from meterai.pdf.engines.incremental.syntax import Array, Dictionary, Reference
from meterai.pdf.engines.incremental.update import Changes
from meterai.pdf.structure.objects import entry
from meterai.pdf.structure.restrictions import is_signed
from meterai.pdf.structure.tag_tree import KIDS, extended_array, next_key

_NONE = Dictionary()


class Tag(NamedTuple):
    """What is tagged: object numbers of the widget, its page and its new structure element."""

    widget: int
    page: int
    element: int
    label: bytes


def wants_tags(document: Document) -> bool:
    """Not where the tree cannot be extended: a stamp without tags harms nobody."""
    catalog = document.catalog
    if "/StructTreeRoot" not in catalog or is_signed(catalog):
        return False
    root = entry(catalog, "/StructTreeRoot")
    return isinstance(root, Dictionary) and next_key(root) is not None


def add_tags(
    changes: Changes, document: Document, revision: Revision, tags: Sequence[Tag]
) -> range:
    """The keys of the widgets in the parent tree (their /StructParent), in order."""
    written = document.catalog["/StructTreeRoot"]
    if not isinstance(written, Reference):
        raise Unsupported("structure tree")
    root = document.value(written.idnum)
    if not isinstance(root, Dictionary):
        raise Unsupported("structure tree")
    edits = changes.of(written.idnum)
    elements = b" ".join([b"%d 0 R" % tag.element for tag in tags])
    _add_elements(changes, document, root, edits, elements)
    keys = _add_parents(changes, document, root, edits, revision, tags)
    edits.put(root, "/ParentTreeNextKey", b"%d" % keys.stop)
    for tag in tags:
        revision.add(
            tag.element,
            b"<</Type/StructElem/S/Form/P %d 0 R/Pg %d 0 R/Alt%b"
            b"/K<</Type/OBJR/Obj %d 0 R/Pg %d 0 R>>>>"
            % (written.idnum, tag.page, tag.label, tag.widget, tag.page),
        )
    for page in {tag.page for tag in tags}:
        dictionary = document.value(page)
        if "/Tabs" not in dictionary:  # readers go through the page's fields in the tags' order
            changes.of(page).put(dictionary, "/Tabs", b"/S")
    return keys


def _add_elements(
    changes: Changes, document: Document, root: Dictionary, edits: Edits, elements: bytes
) -> None:
    kids, holder = _followed(changes, document, root.get("/K"), edits)
    if isinstance(kids, Array):
        holder.append(kids, elements)
    elif kids is None:
        edits.put(root, "/K", b"[%b]" % elements)
    elif isinstance(root["/K"], Reference):
        edits.put(root, "/K", b"[%d 0 R %b]" % (root["/K"].idnum, elements))
    else:
        raise Unsupported("structure tree")


def _add_parents(
    changes: Changes,
    document: Document,
    root: Dictionary,
    edits: Edits,
    revision: Revision,
    tags: Sequence[Tag],
) -> range:
    """Append to the number tree, whose keys ascend (7.9.7)."""
    tree, holder = _followed(changes, document, root.get("/ParentTree", _NONE), edits)
    if not isinstance(tree, Dictionary):
        raise Unsupported("parent tree")
    first = next_key(root)
    if first is None:
        raise Unsupported("parent tree")
    keys = range(first, first + len(tags))
    pairs = b" ".join(
        [b"%d %d 0 R" % (key, tag.element) for key, tag in zip(keys, tags, strict=True)]
    )
    if tree is _NONE:
        edits.put(root, "/ParentTree", b"<</Nums[%b]>>" % pairs)
        return keys
    appended_to = extended_array(tree)
    if appended_to == KIDS:
        leaf = document.next_number
        document.next_number += 1
        revision.add(leaf, b"<</Limits[%d %d]/Nums[%b]>>" % (keys[0], keys[-1], pairs))
        pairs = b"%d 0 R" % leaf
    array, array_holder = _followed(changes, document, tree.get(appended_to), holder)
    if isinstance(array, Array):
        array_holder.append(array, pairs)
    else:
        holder.put(tree, appended_to, b"[%b]" % pairs)
    return keys


def _followed(
    changes: Changes, document: Document, written: object, holder: Edits
) -> tuple[object, Edits]:
    """The value, and the edits of the object that it is written in."""
    if isinstance(written, Reference):
        return document.value(written.idnum), changes.of(written.idnum)
    return written, holder
