"""How problems look in the API's description. Which ones a route has, the route itself declares."""

from http import HTTPStatus
from typing import Any

from meterai.languages import Language
from meterai.problems import PROBLEMS

Json = dict[str, Any]

EXAMPLE_VALUES: dict[str, Any] = {
    "allowed": "POST",
    "available": 1,
    "canvas": "600 x 800",
    "covers": "Hormat saya",
    "deadline_at": "2026-09-10T16:59:59+00:00",
    "expired_at": "2026-12-08T02:15:01+00:00",
    "errors": [{"field": "quantity", "message": "Field required"}],
    "field": "Pemohon",
    "fields": "Pelamar, Saksi",
    "found": 1,
    "max_orders": 5,
    "max_quantity": 8,
    "max_side_pt": 200,
    "limit_bytes": 16_384,
    "max_attempts": 5,
    "method": "qris",
    "number": 1,
    "now": "2026-09-10T17:00:00+00:00",
    "occurrence": 2,
    "other": 2,
    "other_methods": "virtual_account",
    "page": 9,
    "page_count": 2,
    "page_height_pt": 842,
    "page_width_pt": 595,
    "portal": "elsewhere",
    "quantity": 9,
    "serial": "JV8RH39WN63LOXI5LGYQ3N",
    "side_pt": 40,
    "min_side_pt": 54,
    "text": "Hormat saya",
    "ready_at": "2026-09-10T17:12:30+00:00",
    "retry_after_s": 45,
    "stamping_id": "JV8RH39WN63LOXI5LGYQ3N",
    "request_id": "0d6a9f0e-5c0f-4a53-9d5b-6a8f3a2f7c11",
    "size_bytes": 20_000_001,
    "state": "expired",
    "wanted": 2,
}
PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. The values that `detail` mentions are members of their own.",
    "type": "object",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:meterai:problem:[a-z_]+$"},
        "code": {"type": "string", "enum": sorted(PROBLEMS), "description": "Stable"},
        "title": {"type": "string", "description": "In the language of `Content-Language`"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "In the language of `Content-Language`"},
        "request_id": {"type": "string", "description": "What our log calls this request"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}
GATEWAY_MESSAGE: Json = {
    "title": "GatewayMessage",
    "description": "What API Gateway answers itself, before any function runs.",
    "type": "object",
    "required": ["message"],
    "properties": {"message": {"type": "string"}},
}
_GATEWAY_CONTENT = {"application/json": {"schema": {"$ref": "#/components/schemas/GatewayMessage"}}}
_GATEWAY_ANSWERS: Json = {
    "401": {"description": "No token, or not a valid one", "content": _GATEWAY_CONTENT},
    "403": {"description": "The token lacks the scope", "content": _GATEWAY_CONTENT},
    "429": {"description": "Too many requests at once: try again", "content": _GATEWAY_CONTENT},
}


def gateway_responses(*, needs_token: bool) -> Json:
    """What API Gateway may answer itself, by status."""
    return {
        status: answer
        for status, answer in _GATEWAY_ANSWERS.items()
        if needs_token or status == "429"
    }


def examples() -> Json:
    """Of every problem, by code."""
    return {
        code: {"summary": PROBLEMS[code].title.en, "value": _example(code)}
        for code in sorted(PROBLEMS)
    }


def _example(code: str) -> Json:
    known = PROBLEMS[code]
    values = {
        name: value
        for name, value in EXAMPLE_VALUES.items()
        if f"{{{name}}}" in known.detail.en
        or (name == "errors" and code == "invalid_request")
        or (name == "request_id" and known.status >= HTTPStatus.INTERNAL_SERVER_ERROR)
    }
    if code == "document_too_large":
        values["limit_bytes"] = 20_000_000
    return known.body(code, values, Language.ENGLISH)
