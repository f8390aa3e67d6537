"""The HTTP API: API Gateway's work between a client and a function."""

import json
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import ClientDisconnected
from werkzeug.wrappers import Request, Response

from tests.local.cors import add_cors, is_preflight, preflight
from tests.local.errors import TemplateError
from tests.local.functions import Functions, ThrottledError
from tests.local.http_answers import http_answer, internal_server_error, message
from tests.local.http_events import http_event
from tests.local.http_routes import MatchedRoute, Routes
from tests.local.jwt_authorizer import ForbiddenError, JwtAuthorizer, UnauthorizedError
from tests.local.specs import ApiSpec, RouteSpec

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, which does not
# say what is answered beyond the second.
_REQUEST_LIMIT_BYTES = 10 * 1024 * 1024
_HEADERS_LIMIT_BYTES = 10_240
_EVENT_LIMIT_BYTES = 6 * 1024 * 1024  # Lambda's own limit for the payload of an invocation
_NO_AUTHORIZER = "NONE"
# API Gateway has no such number. Requests that wait for one function delay no others.
_MAX_OPEN = 2_000


class HttpApi:
    """A WSGI application: find the route, check the token, invoke the function, respond."""

    def __init__(
        self,
        spec: ApiSpec,
        routes: Iterable[RouteSpec],
        functions: Functions,
        *,
        account_id: str,
        log_file: Path,
        local_links: Mapping[bytes, bytes] | None = None,
    ) -> None:
        """`local_links`: what answers name, and what the client gets in its place."""
        self._spec = spec
        self._routes = Routes(routes)
        self._functions = functions
        self._account_id = account_id
        self._local_links = local_links or {}
        self._authorizers = {name: JwtAuthorizer(a) for name, a in spec.authorizers.items()}
        self._log = _AccessLog(log_file)
        self._workers = ThreadPoolExecutor(_MAX_OPEN, thread_name_prefix="http-api")
        for route in routes:
            self._authorizer_of(route)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        started = time.monotonic()
        response = self._answer(request)
        if self._spec.cors and not is_preflight(request):
            add_cors(self._spec.cors, request, response)
        self._log.write(request, response, time.monotonic() - started)
        return response(environ, start_response)

    def stop(self) -> None:
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _answer(self, request: Request) -> Response:
        # The body is read first, whatever the answer: closing with unread bytes resets the
        # connection, and the client would see that instead of the answer.
        body = _body(request)
        if body is None:
            return message(413, "Request Entity Too Large")
        if _headers_bytes(request) > _HEADERS_LIMIT_BYTES:
            return message(431, "Request Header Fields Too Large")
        if self._spec.cors and is_preflight(request):
            return preflight(self._spec.cors, request)
        raw_path = _raw_path(request)
        matched = self._routes.match(request.method, raw_path)
        if matched is None:
            return message(404, "Not Found")
        try:
            claims = self._claims(request, matched)
        except UnauthorizedError as refused:
            return message(401, "Unauthorized", {"WWW-Authenticate": refused.www_authenticate})
        except ForbiddenError as refused:
            return message(403, "Forbidden", {"WWW-Authenticate": refused.www_authenticate})
        event = http_event(
            request,
            matched,
            api_id=self._spec.api_id,
            account_id=self._account_id,
            raw_path=raw_path,
            body=body,
            claims=claims,
        )
        return self._invoke(matched.route, json.dumps(event).encode())

    def _claims(self, request: Request, matched: MatchedRoute) -> Mapping[str, Any] | None:
        authorizer = self._authorizer_of(matched.route)
        if authorizer is None:
            return None
        return authorizer.claims(request.headers.get("Authorization"), matched.route.scopes)

    def _authorizer_of(self, route: RouteSpec) -> JwtAuthorizer | None:
        name = route.authorizer or self._spec.default_authorizer
        if name is None or name == _NO_AUTHORIZER:
            return None
        if name not in self._authorizers:
            raise TemplateError(f"{route.function}: the API has no authorizer {name}")
        return self._authorizers[name]

    def _invoke(self, route: RouteSpec, event: bytes) -> Response:
        if len(event) > _EVENT_LIMIT_BYTES:
            return message(413, "Request Entity Too Large")
        future = self._workers.submit(
            self._functions.invoke, route.function, event, within_s=route.timeout_s
        )
        try:
            outcome = future.result(timeout=route.timeout_s)
        except (FutureTimeoutError, ThrottledError):
            # A function that has begun continues, as on AWS: only the client gets the timeout.
            return message(503, "Service Unavailable")
        if outcome.error_type:
            return internal_server_error()
        payload = outcome.payload
        for public, local in self._local_links.items():
            payload = payload.replace(public, local)
        return http_answer(payload)


def _raw_path(request: Request) -> str:
    """The path as it was sent: an encoded slash stays inside its path variable."""
    target = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "/")
    return target.partition("?")[0]


def _headers_bytes(request: Request) -> int:
    """Of the request line and of the headers' values."""
    target = str(request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or "/")
    protocol = str(request.environ.get("SERVER_PROTOCOL", "HTTP/1.1"))
    line = f"{request.method} {target} {protocol}"
    return len(line) + sum(len(value) for _, value in request.headers.items())


def _body(request: Request) -> bytes | None:
    """The body, or None when it is larger than the API accepts."""
    try:
        body = request.stream.read(_REQUEST_LIMIT_BYTES + 1)
        if len(body) <= _REQUEST_LIMIT_BYTES:
            return body
        while request.stream.read(_REQUEST_LIMIT_BYTES):
            pass
    except ClientDisconnected:
        return b""
    return None


class _AccessLog:
    """One line a request. Never a header or a body: they contain tokens and personal data."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def write(self, request: Request, response: Response, took_s: float) -> None:
        line = f"{request.method} {request.path} {response.status_code} {took_s * 1000:.0f} ms\n"
        with self._lock, self._path.open("a", encoding="utf-8") as log:
            log.write(line)
