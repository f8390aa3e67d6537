"""One way to be refused, as people read it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """`english` and `indonesian` are format strings over the error's values."""

    status: int
    title: str
    english: str
    indonesian: str

    def body(self, code: str, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": f"urn:meterai:problem:{code}",
            "code": code,
            "title": self.title,
            "status": self.status,
            "detail": self.english.format(**values),
            "detail_id": self.indonesian.format(**values),
            **values,
        }
