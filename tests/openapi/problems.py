"""Which problems each route may answer with, and how they look in the API's description.

That this table is complete is proved by the unit tests: every answer they meet is held against it.
"""

from collections import defaultdict
from http import HTTPStatus
from typing import Any

from meterai.languages import Language
from meterai.problems import CONTENT_TYPE, PROBLEMS

Json = dict[str, Any]

EVERY_ROUTE = ("internal_error", "unavailable")
WITH_BODY = ("malformed_json", "invalid_request", "body_too_large", "unsupported_media_type")
WITH_KEY = ("idempotency_key_missing", "idempotency_key_reused")
UPLOADED = ("document_missing", "document_hash_mismatch", "document_too_large")
READABLE = ("not_a_pdf", "document_damaged", "document_encrypted")
STAMPABLE = (
    "permission_denied",
    "document_certified",
    "document_locked",
    "form_is_xfa",
    "page_out_of_range",
    "box_off_page",
    "stamp_size_refused",
    "canvas_differs",
    "anchor_not_found",
    "field_not_found",
    "no_free_space",
    "covers_stamp",
    "document_too_complex",
)
OWN = {
    "cancel_order": ("not_found", "order_paid"),
    "claim_refund": (
        "not_found",
        "claim_link_invalid",
        "claim_link_expired",
        "claim_link_used",
        "no_account_needed",
        "account_unknown",
        "holder_differs",
        "too_many_claim_tries",
        "gateway_refused",
    ),
    "refund_status": ("not_found",),
    "create_claim_link": ("not_found", "no_account_needed"),
    "create_upload": ("document_too_large",),
    "preflight": UPLOADED,
    "preview": (*UPLOADED, *READABLE, *STAMPABLE),
    "purchase": (
        "quantity_out_of_range",
        "portal_unknown",
        "deadline_past",
        "deadline_out_of_reach",
        "order_closed",
        "gateway_refused",
        "buying_paused",
        "ticket_invalid",
        "ticket_expired",
        "ticket_used",
    ),
    "read_ledger": ("not_found", "invalid_request"),
    "read_order": ("not_found", "too_many_requests"),
    "read_receipt": ("not_found", "order_not_paid", "receipt_over"),
    "read_receipt_key": ("not_found",),
    "read_ticket": ("ticket_invalid", "too_many_requests"),
    "read_portal": ("not_found",),
    "read_refund": ("not_found", "too_many_requests"),
    "read_serial": ("not_found",),
    "read_stamping": ("not_found", "too_many_requests"),
    "receive_webhook": ("not_found", "webhook_refused"),
    "request_refund": ("not_found", "order_not_paid", "no_balance", "in_stamping"),
    "request_stamping": (
        "portal_unknown",
        "deadline_past",
        "not_found",
        "order_closed",
        "no_balance",
        "document_already_stamped",
        *UPLOADED,
        *READABLE,
        *STAMPABLE,
        "covers_text",
    ),
    "join_waiting_room": (),
    "set_portal_deadline": ("not_found", "deadline_not_ahead"),
    "verify": (*UPLOADED, *READABLE, "document_too_complex"),
}
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
    "largest": 8,
    "largest_pt": 200,
    "limit_bytes": 16_384,
    "most": 5,
    "number": 1,
    "now": "2026-09-10T17:00:00+00:00",
    "occurrence": 2,
    "other": 2,
    "page": 9,
    "page_count": 2,
    "page_height_pt": 842,
    "page_width_pt": 595,
    "portal": "elsewhere",
    "quantity": 9,
    "side_pt": 40,
    "smallest_pt": 54,
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


def problem_codes(function: str, *, has_body: bool, needs_key: bool) -> tuple[str, ...]:
    return (
        *EVERY_ROUTE,
        *(WITH_BODY if has_body else ()),
        *(WITH_KEY if needs_key else ()),
        *OWN[function],
    )


def problem_responses(function: str, *, has_body: bool, needs_key: bool) -> Json:
    """By status, with an example of each code."""
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in problem_codes(function, has_body=has_body, needs_key=needs_key):
        by_status[PROBLEMS[code].status].append(code)
    return {str(status): _response(status, codes) for status, codes in by_status.items()}


def _response(status: int, codes: list[str]) -> Json:
    response: Json = {
        "description": ", ".join(f"`{code}`: {PROBLEMS[code].title.en}" for code in codes),
        "content": {
            CONTENT_TYPE: {
                "schema": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Problem"},
                        {"properties": {"code": {"enum": codes}}},
                    ]
                },
                "examples": {code: {"$ref": f"#/components/examples/{code}"} for code in codes},
            }
        },
    }
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["headers"] = {
            "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}
        }
    return response


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
