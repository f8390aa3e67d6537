"""Whether a page that is shown in English still has Indonesian of the templates."""

import html
import re
from functools import cache

from babel.messages.pofile import read_po
from playwright.sync_api import Page

from meterai.pages.environment import CATALOGUES

# What a template fills in, and markup: between them are the words that a page shows in one piece.
_GAP = re.compile(r"%\(\w+\)[sd]|<[^>]+>|\{\w*\}")
_SHOWN = """() => [
    document.title,
    ...document.body.innerText.split("\\n"),
    ...[...document.querySelectorAll("[alt],[title],[placeholder],[aria-label],input[value]")]
        .filter(one => one.type !== "hidden")
        .flatMap(one => ["alt", "title", "placeholder", "aria-label"]
            .map(name => one.getAttribute(name))),
].filter(Boolean)"""


def left_in_indonesian(page: Page) -> list[str]:
    """Parts of texts whose English is another. A single word counts where it stands alone."""
    lines = [" ".join(line.split()) for line in page.evaluate(_SHOWN)]
    return [
        part
        for part in _parts()
        if part in lines or (" " in part and any(part in line for line in lines))
    ]


@cache
def _parts() -> tuple[str, ...]:
    with (CATALOGUES / "en/LC_MESSAGES/pages.po").open("rb") as file:
        messages = [one for one in read_po(file) if one.id]
    english = " ".join(part for one in messages for part in _pieces(str(one.string)))
    parts = {part for one in messages for part in _pieces(str(one.id)) if part not in english}
    return tuple(sorted(parts))


def _pieces(text: str) -> list[str]:
    whole = [" ".join(html.unescape(piece).split()) for piece in _GAP.split(text)]
    return [piece.strip(" .,:;") for piece in whole if re.search(r"\w{3}", piece)]
