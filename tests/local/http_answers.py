"""From a function's return value to an HTTP response: payload format 2.0."""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import Headers
from werkzeug.wrappers import Response


def json_response(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response:
    text = json.dumps(body, separators=(",", ":"))
    return Response(text, status, headers=headers, content_type="application/json")


def message(status: int, text: str, headers: Mapping[str, str] | None = None) -> Response:
    """API Gateway's own answers: `{"message": "Not Found"}`."""
    return json_response(status, {"message": text}, headers)


def internal_server_error() -> Response:
    """The function failed, or its return value is no response."""
    return message(500, "Internal Server Error")


def http_answer(payload: bytes) -> Response:
    """A value with a `statusCode` is the response; any other value is the body of a 200.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html#http-api-develop-integrations-lambda.v2
    """
    try:
        returned = json.loads(payload)
    except ValueError:
        return internal_server_error()
    if not isinstance(returned, dict) or "statusCode" not in returned:
        body = returned if isinstance(returned, str) else json.dumps(returned)
        return Response(body, 200, content_type="application/json")
    return _structured(returned)


def _structured(returned: Mapping[str, Any]) -> Response:
    body = returned.get("body") or ""
    if not isinstance(body, str):
        return internal_server_error()
    content = body.encode("utf-8")
    if returned.get("isBase64Encoded"):
        try:
            content = base64.b64decode(body, validate=True)
        except binascii.Error:
            return internal_server_error()
    try:
        status = int(returned["statusCode"])
    except (TypeError, ValueError):
        return internal_server_error()
    headers = Headers()
    for name, value in (returned.get("headers") or {}).items():
        # Lambda returns `true`, not `True`
        headers.set(name, json.dumps(value) if isinstance(value, bool) else str(value))
    for cookie in returned.get("cookies") or ():
        headers.add("Set-Cookie", cookie)
    if "content-type" not in headers:
        headers.set("Content-Type", "text/plain; charset=utf-8")
    return Response(content, status, headers=headers)
