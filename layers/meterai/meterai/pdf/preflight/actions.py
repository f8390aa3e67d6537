"""What a document does beyond showing its pages: its actions and the annotations that hold more
than a mark (ISO 32000-1, 12.6.4 and 12.5.6).

One pass within limits; nothing beyond them is reported.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice

from meterai.domain.errors import DocumentDamaged
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    form_fields,
    items_in,
    numbers,
    raw,
    reference_key,
)
from meterai.pdf.structure.page_tree import PageNode

MAX_ANNOTATIONS = 5_000
MAX_ACTIONS = 1_000
MAX_BOOKMARKS = 5_000
MIN_SURPRISING_SHARE = 0.5
"""A link over so much of its page is pressed by somebody who means something else."""

FINDINGS: Mapping[str, str] = {
    "/JavaScript": "javascript",
    "/Launch": "launch_action",
    "/GoToR": "opens_other_file",
    "/GoToE": "opens_other_file",
    "/SubmitForm": "exchanges_form_data",
    "/ImportData": "exchanges_form_data",
    "/Rendition": "rich_media",
    "/RichMediaExecute": "rich_media",
    "/Movie": "rich_media",
    "/Sound": "rich_media",
    "/RichMedia": "rich_media",
    "/Screen": "rich_media",
    "/3D": "rich_media",
    "/FileAttachment": "embedded_files",
}
"""By the kind of an action (/S) or of an annotation (/Subtype)."""

_PRESSED = frozenset(("/A", "/U", "/D"))  # what else triggers an action, nobody asked for
_ORDINARY_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:|www\.|[^:]*$)", re.IGNORECASE)


def action_findings(catalog: Dictionary, form: Dictionary, pages: Sequence[PageNode]) -> set[str]:
    """The codes of `FINDINGS` that apply, and `surprising_link`. Raises DocumentDamaged where the
    form's tree is too deep or too large."""
    fields = (field for _, field in form_fields(form))
    found: set[str] = set()
    nodes = chain([catalog], (page.dictionary for page in pages), islice(fields, MAX_ANNOTATIONS))
    for node in chain(nodes, _bookmarks(catalog)):
        found |= _told(node, pressed_anywhere=False)
    annotations = ((page, one) for page in pages for one in _annotations(page))
    for page, annotation in islice(annotations, MAX_ANNOTATIONS):
        found.add(FINDINGS.get(str(entry(annotation, "/Subtype")), ""))
        found |= _told(annotation, pressed_anywhere=_covers_page(annotation, page))
    return found - {""}


def _told(node: Dictionary, *, pressed_anywhere: bool) -> set[str]:
    found: set[str] = set()
    for trigger, action in _actions(node):
        kind = str(entry(action, "/S"))
        found.add(FINDINGS.get(kind, ""))
        if kind == "/URI":
            address = str(entry(action, "/URI") or "").strip()
            asked_for = trigger in _PRESSED and not pressed_anywhere
            if not asked_for or _ORDINARY_ADDRESS.match(address) is None:
                found.add("surprising_link")
    return found


def _actions(node: Dictionary) -> Iterator[tuple[str, Dictionary]]:
    """The actions of a catalog, page, field, annotation or bookmark, with what triggers each, and
    their /Next actions."""
    additional = dictionary_in(node, "/AA") or {}
    waiting = [(key, entry(node, key)) for key in ("/OpenAction", "/A", "/PA")]
    waiting += [(str(event), entry(additional, event)) for event in list(additional)[:MAX_ACTIONS]]
    for _ in range(MAX_ACTIONS):
        if not waiting:
            return
        trigger, written = waiting.pop()
        action = follow(written)
        if isinstance(action, dict):
            yield trigger, action
            after = entry(action, "/Next")
            following = list(list.__iter__(after)) if isinstance(after, list) else [after]
            waiting += [(trigger, one) for one in following]


def _annotations(page: PageNode) -> Iterator[Dictionary]:
    for item in items_in(page.dictionary, "/Annots"):
        annotation = follow(item)
        if isinstance(annotation, dict):
            yield annotation


def _covers_page(annotation: Dictionary, page: PageNode) -> bool:
    box = numbers(raw(annotation, "/Rect"))
    if box is None or len(box) != 4:
        return False
    try:
        width_pt, height_pt = page.page.displayed_size_pt
        left, bottom, right, top = page.page.displayed((box[0], box[1], box[2], box[3]))
    except DocumentDamaged:  # only the page that is stamped must be valid
        return False
    across = min(right, width_pt) - max(left, 0)
    up = min(top, height_pt) - max(bottom, 0)
    return min(across, up) > 0 and across * up >= MIN_SURPRISING_SHARE * width_pt * height_pt


def _bookmarks(catalog: Dictionary) -> Iterator[Dictionary]:
    """In any order; what is reached twice is read once (12.3.3)."""
    seen: set[tuple[int, int]] = set()
    outlines = dictionary_in(catalog, "/Outlines")
    waiting = [raw(outlines, "/First")] if outlines is not None else []
    for _ in range(MAX_BOOKMARKS):
        if not waiting:
            return
        written = waiting.pop()
        key = reference_key(written)
        bookmark = follow(written)
        if key is None or key in seen or not isinstance(bookmark, dict):
            continue
        seen.add(key)
        yield bookmark
        waiting += [raw(bookmark, "/Next"), raw(bookmark, "/First")]
