"""How problems look in the API's description. Which ones a route has, the route itself declares."""

from http import HTTPStatus
from typing import Any

from meterai.languages import Language
from meterai.problems import PROBLEMS
from meterai.problems.problem import TIMES

Json = dict[str, Any]

EXAMPLE_VALUES: dict[str, Any] = {
    "allowed": "POST",
    "available": 1,
    "canvas": "600 x 800",
    "cause": "no_pages",
    "covers": "Hormat saya",
    "deadline_at": "2026-09-10T16:59:59Z",
    "document": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "expired_at": "2026-12-08T02:15:01Z",
    "errors": [{"field": "quantity", "message": "Field required"}],
    "field": "Pemohon",
    "fields": "Pelamar, Saksi",
    "found": 1,
    "host": "meterai.example",
    "key": "/Contents",
    "max_orders": 5,
    "max_quantity": 8,
    "max_side_pt": 200,
    "limit_bytes": 16_384,
    "max_attempts": 5,
    "method": "qris",
    "number": 1,
    "now": "2026-09-10T17:00:00Z",
    "occurrence": 2,
    "order_id": "ord_CK64EG2Y75PUE2VPFYTSQ3DNE5",
    "other": 2,
    "other_methods": "virtual_account",
    "page": 9,
    "page_count": 2,
    "page_height_pt": 842,
    "page_width_pt": 595,
    "permissions": -44,
    "portal": "elsewhere",
    "quantity": 9,
    "serial": "JV8RH39WN63LOXI5LGYQ3N",
    "side_pt": 40,
    "min_side_pt": 54,
    "text": "Hormat saya",
    "reason": "signature",
    "refund_id": "rfd_EKYQ65YYVK3ZH2QPVRMU6C63DF",
    "repairable": True,
    "ready_at": "2026-09-10T17:12:30Z",
    "retry_after_s": 45,
    "stamping_id": "JV8RH39WN63LOXI5LGYQ3N",
    "request_id": "0d6a9f0e-5c0f-4a53-9d5b-6a8f3a2f7c11",
    "size_bytes": 20_000_001,
    "state": "expired",
    "wanted": 2,
}
_OF_PAGES = {"too_many_documents"}  # the API never answers them
_CODES = sorted(PROBLEMS.keys() - _OF_PAGES)
_OF_THEIR_OWN = ("errors", "request_id")


def _schema_of(name: str) -> Json:
    """Of a value that `detail` mentions."""
    if isinstance(EXAMPLE_VALUES[name], bool):
        return {"type": "boolean"}
    if isinstance(EXAMPLE_VALUES[name], int):
        return {"type": "integer"}
    return {"type": "string"} | ({"format": "date-time"} if name in TIMES else {})


PROBLEM: Json = {
    "title": "Problem",
    "description": "RFC 9457. The values that `detail` mentions are members of their own.",
    "type": "object",
    "required": ["type", "code", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:meterai:problem:[a-z_]+$"},
        "code": {"type": "string", "enum": _CODES, "description": "Stable"},
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
        **{name: _schema_of(name) for name in sorted(EXAMPLE_VALUES) if name not in _OF_THEIR_OWN},
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
    "429": {
        "description": "Too many requests at once, of all clients: try again in seconds",
        "content": _GATEWAY_CONTENT,
    },
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
    return {code: {"summary": PROBLEMS[code].title.en, "value": _example(code)} for code in _CODES}


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
