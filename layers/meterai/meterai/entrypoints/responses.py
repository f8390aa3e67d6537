"""The problems that a route declares in `responses=`; `openapi.json` is made from them.

The unit tests of the functions prove both directions: each problem that a route answers is
declared, and each declared problem is answered in some test.
"""

from collections import defaultdict
from http import HTTPStatus

from aws_lambda_powertools.event_handler.openapi.types import OpenAPIResponse

from meterai.problems import CONTENT_TYPE, PROBLEMS

ANY_BODY = ("malformed_json", "body_too_large", "unsupported_media_type")
BODY = (*ANY_BODY, "invalid_request")
KEY = ("idempotency_key_missing", "idempotency_key_malformed", "idempotency_key_reused")
UPLOADED = ("document_missing", "document_hash_mismatch", "document_too_large")
READABLE = ("not_a_pdf", "document_damaged", "document_encrypted", "document_too_complex")
STAMPABLE = (
    "document_ambiguous",
    "fields_not_drawn",
    "permission_denied",
    "document_certified",
    "document_locked",
    "form_is_xfa",
    "page_out_of_range",
    "box_off_page",
    "stamp_size_refused",
    "canvas_mismatch",
    "anchor_not_found",
    "field_not_found",
    "no_free_space",
    "covers_stamp",
)
WITH_RETRY_AFTER = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


def problems(*codes: str, through_edge: bool = True) -> dict[int, OpenAPIResponse]:
    """By status, these codes and those that every route may answer: `internal_error`, and
    `wrong_address` unless the route is asked past the edge."""
    by_status: defaultdict[int, list[str]] = defaultdict(list)
    for code in ("internal_error", *(["wrong_address"] if through_edge else []), *codes):
        by_status[PROBLEMS[code].status].append(code)
    return {status: _response(status, sharing) for status, sharing in by_status.items()}


def _response(status: int, codes: list[str]) -> OpenAPIResponse:
    response: OpenAPIResponse = {
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
    if status in WITH_RETRY_AFTER:
        response["headers"] = {
            "Retry-After": {"description": "Seconds", "schema": {"type": "integer"}}
        }
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        response["headers"] |= {
            "RateLimit-Policy": {
                "description": "The limit's name, which is the `code`, and its quota `q`",
                "schema": {"type": "string"},
            },
            "RateLimit": {
                "description": "What is left of it, `r`, and for how many seconds no more, `t`",
                "schema": {"type": "string"},
            },
        }
    return response
