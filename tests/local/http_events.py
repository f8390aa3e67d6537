"""From an HTTP request to a function's event: payload format 2.0.

https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

import base64
import time
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from werkzeug.wrappers import Request

from tests.local.http_routes import MatchedRoute

# Everything else is base64-encoded, also application/x-www-form-urlencoded.
_TEXT_TYPES = ("application/json", "application/javascript", "application/xml")
_TEXT_SUFFIXES = ("+json", "+xml")


def http_event(
    request: Request,
    matched: MatchedRoute,
    *,
    api_id: str,
    account_id: str,
    raw_path: str,
    body: bytes,
    claims: Mapping[str, Any] | None,
) -> dict[str, Any]:
    """The event. Parts that the request does not have (cookies, query, body) are left out, as on
    AWS."""
    headers = {name.lower(): value for name, value in request.headers.items()}
    cookies = headers.pop("cookie", "")
    query_string = request.query_string.decode("latin-1")
    host = headers.get("host", "")
    now = time.time()
    context: dict[str, Any] = {
        "accountId": account_id,
        "apiId": api_id,
        "domainName": host,
        "domainPrefix": host.split(".")[0],
        "http": {
            "method": request.method,
            "path": unquote(raw_path),
            "protocol": request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"),
            "sourceIp": request.remote_addr or "",
            "userAgent": headers.get("user-agent", ""),
        },
        "requestId": uuid.uuid4().hex,
        "routeKey": matched.key,
        "stage": "$default",
        "time": datetime.fromtimestamp(now, UTC).strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "timeEpoch": int(now * 1000),
    }
    if claims is not None:
        scopes = list(matched.route.scopes) or None
        context["authorizer"] = {"jwt": {"claims": _as_text(claims), "scopes": scopes}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": matched.key,
        "rawPath": unquote(raw_path),
        "rawQueryString": query_string,
        "headers": {
            **headers,
            "x-forwarded-for": request.remote_addr or "",
            "x-forwarded-port": host.rpartition(":")[2],
            "x-forwarded-proto": "http",
        },
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if cookies:
        event["cookies"] = [cookie.strip() for cookie in cookies.split(";")]
    if query_string:
        event["queryStringParameters"] = _query(query_string)
    if matched.path_parameters:
        event["pathParameters"] = matched.path_parameters
    if body:
        event["body"], event["isBase64Encoded"] = _body(body, headers.get("content-type", ""))
    return event


def _query(query_string: str) -> dict[str, str]:
    """Values of a repeated name are joined by commas."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(query_string, keep_blank_values=True):
        values.setdefault(name, []).append(value)
    return {name: ",".join(several) for name, several in values.items()}


def _body(body: bytes, content_type: str) -> tuple[str, bool]:
    media_type = content_type.partition(";")[0].strip().lower()
    is_text = media_type.startswith("text/") or media_type in _TEXT_TYPES
    if is_text or media_type.endswith(_TEXT_SUFFIXES) or not media_type:
        try:
            return body.decode("utf-8"), False
        except UnicodeDecodeError:
            pass  # declared as text but not text: the bytes must still arrive unchanged
    return base64.b64encode(body).decode("ascii"), True


def _as_text(claims: Mapping[str, Any]) -> dict[str, str]:
    """Claims are strings, whatever their type: a list becomes `[a b]`."""
    return {
        name: f"[{' '.join(map(str, value))}]" if isinstance(value, list) else str(value)
        for name, value in claims.items()
    }
