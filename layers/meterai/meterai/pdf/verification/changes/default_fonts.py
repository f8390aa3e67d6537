"""With which of the form's fonts viewers draw what has no appearance, or one without resources of
its own (ISO 32000-1, 12.7.2 and 12.7.3.3).

Pdfium, which draws the pages here, finds fewer such fields and fonts than poppler does.
"""

import re
from collections.abc import Iterator, Sequence, Set
from typing import Any

from meterai.pdf.structure.objects import DEEPEST
from meterai.pdf.structure.page_tree import PageNode
from meterai.pdf.structure.strings import Text, text
from meterai.pdf.verification.changes.cross_references import decoded
from meterai.pdf.verification.changes.fields import Resolver, walk
from meterai.pdf.verification.changes.states import Before
from meterai.pdf.verification.changes.syntax import Malformed, Stream

_READ_ALIKE = re.compile(r"/[^\0-\x20()<>\[\]{}/%#\x7f-\U0010ffff]+")
_NAMES = re.compile(rb"/[^\0\t\n\f\r ()<>\[\]{}/%]+")
MAX_LOOK_BYTES = 1024 * 1024
_DRAWN_BY_DEFAULT = ("/Widget", "/FreeText")
LATIN_1 = "\xff"
"""The last character that the usual encodings of fonts have."""
_MARKS = text(b"/ZaDb")
"""Poppler draws buttons with it, whatever they name."""
_SPARE = "/popplerfont"
"""Poppler (Form.cc) draws characters that a field's font lacks with a font whose name starts so."""


def may_draw_with(
    fonts: Set[str | None], catalog: dict[str, Any], pages: Sequence[PageNode], state: Before
) -> bool:
    """Whether a field or note without an appearance may be drawn with a font of one of these
    names; None among them is any."""
    if not fonts:
        return False
    is_any = not all(font is not None and _READ_ALIKE.fullmatch(font) for font in fonts)
    names = {font for font in fonts if font is not None}
    words = {(_SPARE if name.startswith(_SPARE) else name)[1:] for name in names}
    return any(
        is_any or _may_name(words, default) for default in _without_look(catalog, pages, state)
    )


def _may_name(words: Set[str], default: Any) -> bool:
    """A /DA that viewers may decode in several ways may name any font."""
    if not isinstance(default, Text):
        return True
    is_plain = default.encoded.isascii() and "/" in default and "#" not in default
    return not is_plain or any(word in default for word in words)


def _without_look(
    catalog: dict[str, Any], pages: Sequence[PageNode], state: Before
) -> Iterator[Any]:
    """The /DA of each field, and of each annotation on a page, also if the form does not list it:
    viewers inherit by /Kids or by /Parent."""
    form = state.follow(catalog.get("/AcroForm"))
    form = form if isinstance(form, dict) else {}
    roots = state.follow(form.get("/Fields"))
    for _, one, dictionary in walk(roots if isinstance(roots, list) else [], state):
        is_node = "/Rect" not in dictionary and isinstance(
            state.follow(dictionary.get("/Kids")), list
        )
        yield from _borrowed(dictionary, state)
        if not is_node and not _has_look(dictionary, one.kind, state):
            yield from _defaults(one.kind, one.default, one.value, form, state)
    for node in pages:
        page = state.follow(node.reference)
        items = state.follow(page.get("/Annots")) if isinstance(page, dict) else None
        for item in items if isinstance(items, list) else []:
            annotation = state.follow(item)
            if not isinstance(annotation, dict):
                continue
            subtype = state.follow(annotation.get("/Subtype"))
            if subtype not in _DRAWN_BY_DEFAULT and "/DA" not in annotation:
                continue
            yield from _borrowed(annotation, state)
            kind = _inherited(annotation, "/FT", state)
            if not _has_look(annotation, kind, state):
                default, value = (_inherited(annotation, key, state) for key in ("/DA", "/V"))
                value = annotation.get("/Contents") if value is None else value
                yield from _defaults(kind, default, value, form, state)


def _has_look(annotation: dict[str, Any], kind: Any, state: Resolver) -> bool:
    """A signature needs none. A button has one for each of its states, but for /Off."""
    if kind == "/Sig":
        return True
    looks = state.follow(annotation.get("/AP"))
    look = state.follow(looks.get("/N")) if isinstance(looks, dict) else None
    if kind == "/Btn" and isinstance(look, dict) and not isinstance(look, Stream):
        chosen = state.follow(annotation.get("/AS"))
        return chosen == "/Off" or isinstance(state.follow(look.get(str(chosen))), Stream)
    return isinstance(look, Stream)


def _borrowed(annotation: dict[str, Any], state: Before) -> Iterator[Any]:
    """The names in an appearance without resources of its own: those of the form count for it. None
    where it cannot be read, or only after decryption."""
    looks = state.follow(annotation.get("/AP"))
    look = state.follow(looks.get("/N")) if isinstance(looks, dict) else None
    states = list(look.values()) if isinstance(look, dict) else []
    states = [look] if isinstance(look, Stream) else states
    for one in map(state.follow, states):
        if isinstance(one, Stream) and "/Resources" not in one:
            if state.issued.encryption is not None:
                yield None
                continue
            try:
                names = _NAMES.findall(decoded(one, MAX_LOOK_BYTES))
            except Malformed:
                yield None
            else:
                yield from [text(b" ".join(names))] if names else []


def _defaults(
    kind: Any, default: Any, value: Any, form: dict[str, Any], state: Resolver
) -> Iterator[Any]:
    yield state.follow(form.get("/DA")) if default is None else default
    if kind == "/Btn":
        yield _MARKS
    shown = state.follow(value)
    if isinstance(shown, list) or (isinstance(shown, Text) and max(shown, default="") > LATIN_1):
        yield text(_SPARE.encode("ascii"))


def _inherited(annotation: dict[str, Any], key: str, state: Resolver) -> Any:
    node: Any = annotation
    for _ in range(DEEPEST):
        if not isinstance(node, dict):
            return None
        found = state.follow(node.get(key))
        if found is not None:
            return found
        node = state.follow(node.get("/Parent"))
    return None
