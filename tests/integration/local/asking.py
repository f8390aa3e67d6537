"""Helpers of these tests: one HTTP call, and waiting for a result."""

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
    """A whole HTTP response."""

    status: int
    headers: urllib3.HTTPHeaderDict
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


Call = Callable[..., Answer]
Seen = Callable[[str], dict[str, Any] | None]


def eventually(read: Callable[[], Found | None], within_s: float = 10.0) -> Found:
    """The first result that is not empty; fails when none comes."""
    until = time.monotonic() + within_s
    while time.monotonic() < until:
        if (found := read()) is not None:
            return found
        time.sleep(0.05)
    pytest.fail(f"nothing within {within_s} s")
