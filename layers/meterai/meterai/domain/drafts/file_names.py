"""The name of a file as its owner sees it again.

A browser sends whatever the file is called: markup, characters that turn the direction of writing
(so that `fdp.exe` looks like `exe.pdf`), paths, 200 letters. Templates escape it; this is about
what escaping does not help against.
"""

import unicodedata

MAX_NAME = 120  # characters
UNNAMED = "dokumen.pdf"
_BREAKS = frozenset({"Cc", "Zl", "Zp"})  # controls, ends of lines and of paragraphs
_UNSEEN = frozenset({"Cf", "Cs"})  # also what turns the direction; halves of characters
_LONGEST_ENDING = 8  # `.pdf` and its like stay when a name is cut


def shown_name(name: str) -> str:
    """Without a path, on one line, at most `MAX_NAME` characters; `UNNAMED` where nothing is left.
    Of letters and signs nothing is lost, in whatever script."""
    last = name.replace("\\", "/").rpartition("/")[2]
    words = " ".join(unicodedata.normalize("NFC", "".join(map(_seen, last))).split())
    return _cut(words) or UNNAMED


def page_name(name: str) -> str:
    """Of the PDF that is made of a photo with this name."""
    shown = shown_name(name)
    return shown_name(f"{shown.rpartition('.')[0] or shown}.pdf")


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    return "" if category in _UNSEEN else " " if category in _BREAKS else character


def _cut(name: str) -> str:
    if len(name) <= MAX_NAME:
        return name
    stem, dot, ending = name.rpartition(".")
    kept = dot + ending if stem and len(ending) < _LONGEST_ENDING else ""
    return name[: MAX_NAME - len(kept) - 1].rstrip() + "…" + kept
