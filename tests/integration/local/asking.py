"""How the tests ask: one HTTP call, one look at what a function wrote, one wait."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest
import urllib3

Found = TypeVar("Found")


@dataclass(frozen=True)
class Answer:
    """An HTTP answer, whole."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Call = Callable[..., Answer]
Seen = Callable[[str], dict[str, Any] | None]


def eventually(look: Callable[[], Found | None], within_s: float = 10.0) -> Found:
    """The first answer that is something; it fails when none comes."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if (found := look()) is not None:
            return found
        time.sleep(0.05)
    pytest.fail(f"nothing within {within_s} s")
