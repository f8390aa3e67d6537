"""Style sheets, scripts and pictures: each has a name that changes with its content, so that a
browser keeps it for ever."""

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).with_name("static")
ADDRESS = "/statis"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_NAME = re.compile(r"([a-z_]+)-([0-9a-f]{12})(\.[a-z]+)")


@dataclass(frozen=True, slots=True)
class StaticFile:
    content: bytes
    media_type: str


@cache
def static_address(name: str) -> str:
    """`style.css` is at `/statis/style-<hash>.css`."""
    path = STATIC / name
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"{ADDRESS}/{path.stem}-{digest}{path.suffix}"


def static_file(hashed_name: str) -> StaticFile | None:
    """None for a name that no page has had. A page that was made by an older release asks for an
    older content, and gets the present one: better than a page without style."""
    parts = _NAME.fullmatch(hashed_name)
    if parts is None or parts[3] not in _TYPES:
        return None
    path = STATIC / f"{parts[1]}{parts[3]}"
    return StaticFile(path.read_bytes(), _TYPES[parts[3]]) if path.is_file() else None


def is_present(hashed_name: str) -> bool:
    """Whether this name has this content: else nobody may keep it for ever."""
    parts = _NAME.fullmatch(hashed_name)
    return parts is not None and static_address(f"{parts[1]}{parts[3]}").endswith(hashed_name)
