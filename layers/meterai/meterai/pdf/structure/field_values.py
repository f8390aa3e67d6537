"""Form fields whose value is not what their appearance shows (ISO 32000-1, 12.7.3.3, 12.7.4).

Where a form says /NeedAppearances, readers draw its fields from their values. A stamp ends that,
since poppler would drop the stamp, and the appearances in the file are then shown.
"""

import re
from collections.abc import Iterator
from typing import Any

from meterai.pdf.structure.flags import NOT_SHOWN
from meterai.pdf.structure.objects import (
    Dictionary,
    dictionary_in,
    entry,
    follow,
    form_fields,
    full_name,
    inherited,
    items_in,
    numbers,
    raw,
    stream_data,
)
from meterai.pdf.structure.strings import hexadecimal, unescaped

PASSWORD, COMBO, PUSH_BUTTON = 1 << 13, 1 << 17, 1 << 16  # field flags (tables 226, 228, 230)

_STRING = re.compile(
    rb"\(((?:\\.|[^()\\]|\((?:\\.|[^()\\])*\))*)\)|<([0-9A-Fa-f\0\t\n\f\r ]*)>(?!>)",
    re.DOTALL,
)


def undrawn_field(form: Dictionary) -> str | None:
    """The name of the first visible field that would show something else once readers no longer
    draw it; None where the stamp changes nothing."""
    if not entry(form, "/NeedAppearances"):
        return None
    return next((full_name(field) for field in _widgets(form) if not _is_drawn(field)), None)


def _widgets(form: Dictionary) -> Iterator[Dictionary]:
    """The fields that have a box. Whether a page shows them is not looked up."""
    for _, field in form_fields(form):
        box, flags = numbers(raw(field, "/Rect")), entry(field, "/F")
        has_area = box is not None and len(box) == 4 and box[0] != box[2] and box[1] != box[3]
        if has_area and not (isinstance(flags, int) and flags & NOT_SHOWN):
            yield field


def _is_drawn(field: Dictionary) -> bool:
    kind = inherited(field, "/FT")
    flags = inherited(field, "/Ff")
    bits = flags if isinstance(flags, int) else 0
    appearances = dictionary_in(field, "/AP")
    appearance = raw(appearances, "/N") if appearances is not None else None
    if kind == "/Btn":
        return bool(bits & PUSH_BUTTON) or _is_button_drawn(field, appearance)
    if kind not in ("/Tx", "/Ch"):
        return True
    value = _value(field)
    drawn = _strings_in(appearance)
    if bits & PASSWORD:
        return bool(value) == any(drawn)
    if kind == "/Ch" and not bits & COMBO:
        return any(value in text for text in drawn)
    return value in drawn


def _is_button_drawn(field: Dictionary, appearance: Any) -> bool:
    """Readers draw a mark, or none, by /AS. The appearance of that state is a mark too, drawn by
    paths or by one character, or is empty."""
    state = entry(field, "/AS") or inherited(field, "/V") or "/Off"
    states = follow(appearance)
    if not isinstance(states, dict):
        return state == "/Off"
    shown = raw(states, str(state))
    if shown is None:
        return state == "/Off"
    return len(_strings_in(shown)[0]) <= (state != "/Off")


def _value(field: Dictionary) -> str:
    """What is shown of it, without white space."""
    value = inherited(field, "/V")
    if isinstance(value, list):
        value = follow(next(list.__iter__(value), None))
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    options = (follow(option) for option in items_in(field, "/Opt"))
    pairs = [list(list.__iter__(option)) for option in options if isinstance(option, list)]
    shown = {str(follow(pair[0])): str(follow(pair[1])) for pair in pairs if len(pair) == 2}
    return _packed(shown.get(str(value), str(value))) if isinstance(value, str) else ""


def _strings_in(appearance: Any) -> tuple[str, ...]:
    """All text of the stream, as the two encodings of simple fonts read it; empty for none."""
    content = stream_data(appearance)
    encoded = b"".join(
        (unescaped(found[1]) if found[2] is None else hexadecimal(found[2]).encoded)
        for found in _STRING.finditer(content)
    )
    return _packed(encoded.decode("latin-1")), _packed(encoded.decode("cp1252", "replace"))


def _packed(text: str) -> str:
    return "".join(text.split())
