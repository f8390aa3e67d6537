"""The form of a refusal, whatever its reason (RFC 9457)."""

from dataclasses import dataclass, field
from typing import Any

from meterai.languages import Language
from meterai.problems import PROBLEMS
from tests.applicant.client import Page


@dataclass(frozen=True, slots=True)
class Refusal:
    """The status, the stable code and the values."""

    status: int
    code: str
    values: dict[str, Any] = field(default_factory=dict)


def refusal(answer: Page) -> Refusal:
    """The problem in a response. Asserts its form: media type, language, type, title, detail."""
    assert answer.content_type == "application/problem+json", answer
    assert answer.headers["cache-control"] == "no-store"
    body = answer.json()
    code = body["code"]
    known = PROBLEMS[code]
    language = Language(answer.headers["content-language"])
    members = {"type", "code", "title", "status", "detail"}
    values = {name: value for name, value in body.items() if name not in members}
    assert body == known.body(code, values, language)
    assert body["status"] == answer.status
    return Refusal(answer.status, code, values)
