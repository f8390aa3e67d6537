"""A client whose clock moves only by its own waits, and answers as the API gives them."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from meterai_client import Client
from meterai_client.sender import Clock
from meterai_client.tokens import TokenSource

DOCUMENT = json.loads(
    (Path(__file__).parents[3] / "layers/meterai/openapi.json").read_text(encoding="utf-8")
)


@dataclass(slots=True)
class Waits:
    """`waited_s`: each wait, in its order."""

    waited_s: list[float] = field(default_factory=list)

    def clock(self) -> Clock:
        return Clock(lambda: sum(self.waited_s), self.waited_s.append, lambda: 0.0)

    def client(self, url: str, token: str | TokenSource | None = "a-token") -> Client:
        return Client(url, token, clock=self.clock())


@pytest.fixture
def waits() -> Waits:
    return Waits()


def example(method: str, path: str, **changes: object) -> str:
    """The body that the document shows, changed."""
    responses = DOCUMENT["paths"][path][method]["responses"]
    [success] = [one for status, one in responses.items() if status[0] == "2"]
    return json.dumps(success["content"]["application/json"]["example"] | changes)


def order(**changes: object) -> str:
    return example("get", "/v1/orders/{order_id}", **changes)


def stamping(**changes: object) -> str:
    return example("get", "/v1/stampings/{stamping_id}", **changes)


def ticket(**changes: object) -> str:
    at: dict[str, Any] = {"may_buy": False, "expired": False, "ticket": "T-1"}
    at |= {"issued_at": "2026-11-24T02:00:00Z", "position": None, "estimate": None}
    return json.dumps(at | {"message": "Wait.", "poll_after_ms": 7_000} | changes)


def problem(status: int, code: str, **values: object) -> tuple[int, str, dict[str, str]]:
    body = {"type": f"urn:meterai:problem:{code}", "code": code, "title": "T", "status": status}
    retry_after = values.get("retry_after_s")
    headers = {"Meterai-Request-Id": "request-1"}
    headers |= {} if retry_after is None else {"Retry-After": str(retry_after)}
    return status, json.dumps(body | {"detail": f"{code} happened"} | values), headers
