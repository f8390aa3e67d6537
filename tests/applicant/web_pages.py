"""What a person without script sees of a page, and where it leads them."""

import re
from html import unescape

_MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
_REFRESH = re.compile(r'<meta http-equiv="refresh" content="(\d+)">')


def words_of(html: str) -> str:
    """What the main part says, in one line."""
    return " ".join(unescape(_TAG.sub(" ", "".join(_MAIN.findall(html)))).split())


def refresh_s_of(html: str) -> int | None:
    """After so many seconds the page loads itself again."""
    found = _REFRESH.search(html)
    return None if found is None else int(found[1])


def pictures_of(html: str) -> list[str]:
    """The addresses of the pictures of pages of a document."""
    return [unescape(one) for one in re.findall(r'src="([^"]*/gambar[^"]*)"', html)]
