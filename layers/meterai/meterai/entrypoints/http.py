"""The HTTP entry point: a request becomes a call, and every error becomes a problem (RFC 9457).

A function makes one `HttpApi` with one route. Errors are answered here and nowhere else;
`meterai.problems` has their texts. Every answer has one language, negotiated by `Accept-Language`.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import (
    APIGatewayHttpResolver,
    Depends,
    Request,
    Response,
)
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Header, Path
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel

from meterai.domain.errors import MeteraiError, Refusal
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.operators import Operator
from meterai.entrypoints.edge import require_edge
from meterai.entrypoints.log import begin, logger
from meterai.entrypoints.poll_limiter import MAX_EARLY_POLLS
from meterai.entrypoints.request_body import read_object, with_text_body
from meterai.entrypoints.responses import WITH_RETRY_AFTER
from meterai.entrypoints.time_left import time_left
from meterai.languages import Language, negotiate
from meterai.problems import CONTENT_TYPE, PROBLEMS

MAX_NAMED_ERRORS = 8  # of one request, which may have a thousand unknown fields
RETRY_AFTER_S = 2
REQUEST_ID = "Meterai-Request-Id"  # of every answer, for questions to the operator
# The values of refusals that say how often something may happen; for polls, MAX_EARLY_POLLS does.
# `RateLimit-Policy` and `RateLimit` are of draft-ietf-httpapi-ratelimit-headers-11 (May 2026):
# lists of strings, with a quota `q`, and with what is left of it, `r`, for `t` seconds. Retry-After
# says no sooner time.
QUOTAS = ("max_orders", "max_attempts")
ALTERNATIVE = "at="  # the prefix of the tags of a body's alternatives

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{8,128}$",
        description="Names this request: the same for each retry, never reused for another",
    ),
]

Ticket = Annotated[
    str | None,
    Header(
        alias="Meterai-Ticket",
        description="A ticket of the waiting room whose turn has come; needed while buying is "
        "paused (503 `buying_paused`), and ignored otherwise",
    ),
]

OrderInPath = Annotated[OrderId, Path(pattern=r"^ord_[A-Z2-7]{26}$")]
ReceiptKeyInPath = Annotated[
    str,
    Path(
        pattern=r"^(root|[0-9]{10}-[A-Za-z0-9_-]{12})$",
        description="A receipt's `kid`, for the statement which key signs the receipts of that "
        "hour; or `root`, for the key that signs the statements",
    ),
]
RefundInPath = Annotated[RefundId, Path(pattern=r"^rfd_[A-Z2-7]{26}$")]


def _account(request: Request) -> str:
    """The token's subject; API Gateway has verified the token before the function runs."""
    return str(_claims(request)["sub"])


def _operator(request: Request) -> Operator:
    """Of a token of the operators' pool, which only their routes accept."""
    claims = _claims(request)
    return Operator(str(claims["sub"]), str(claims["username"]))


def _claims(request: Request) -> dict[str, Any]:
    context = request.resolved_event.raw_event["requestContext"]
    claims: dict[str, Any] = context["authorizer"]["jwt"]["claims"]
    return claims


def _method(event: Mapping[str, Any]) -> str:
    """Empty for an event that is no request."""
    context = event.get("requestContext") or {}
    return str((context.get("http") or {}).get("method", ""))


def _with_method(event: dict[str, Any], method: str) -> dict[str, Any]:
    context = event["requestContext"]
    return {
        **event,
        "requestContext": {**context, "http": {**context["http"], "method": method}},
    }


def _language(request: Request) -> Language:
    return _language_of(request.resolved_event.raw_event)


def _language_of(event: Mapping[str, Any]) -> Language:
    headers = event.get("headers") or {}
    return negotiate(headers.get("accept-language"))


Account = Annotated[str, Depends(_account)]
OperatorSignedIn = Annotated[Operator, Depends(_operator)]
AnswerLanguage = Annotated[Language, Depends(_language)]


class HttpApi(APIGatewayHttpResolver):
    """One function's routes. `handler` is what Lambda calls."""

    def __init__(self, *, through_edge: bool = True) -> None:
        """`through_edge`: where there is an edge, requests must come through it."""
        self._through_edge = through_edge
        super().__init__(
            enable_validation=True,
            # Without this, an answer that breaks its own model would count as a wrong request.
            response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
            json_body_deserializer=read_object,
        )
        self.exception_handler(MeteraiError)(self._refused)
        self.exception_handler(RequestValidationError)(self._invalid)
        self.exception_handler(Exception)(self._failed)
        self.not_found(self._no_route)

    def handler(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        begin(context)
        time_left.begin(context)
        self.lambda_context = context
        language = _language_of(event)
        is_head = _method(event) == "HEAD"
        if is_head:  # as GET, and without the body (RFC 9110, 9.3.2)
            event = _with_method(event, "GET")
        try:
            if self._through_edge:
                require_edge(event.get("headers") or {})
            returned = self.resolve(with_text_body(event), context)
        except MeteraiError as error:
            returned = _plain(self._refused(error, language))
        except Exception as error:  # noqa: BLE001 (logged there; nothing else may leave a function)
            returned = _plain(self._failed(error, language))
        headers = returned["headers"]
        headers["Content-Language"] = language.value
        headers["Vary"] = ", ".join(filter(None, (headers.get("Vary"), "Accept-Language")))
        headers[REQUEST_ID] = self._request_id
        headers.setdefault("Cache-Control", "no-store")
        return returned | {"body": ""} if is_head else returned

    @property
    def language(self) -> Language:
        """Of the answer to the current event."""
        return _language_of(self.current_event.raw_event)

    def _refused(self, error: MeteraiError, language: Language | None = None) -> Response[str]:
        if error.code not in PROBLEMS:  # for us to fix: the client gets an internal error
            return self._failed(error, language)
        # A refusal is an answer, whatever its status. Other errors keep their values for the log.
        if isinstance(error, Refusal) or (
            PROBLEMS[error.code].status < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            return problem(error.code, language or self.language, **error.values)
        logger.warning("not served", extra={"code": error.code, "values": error.values})
        return problem(error.code, language or self.language, request_id=self._request_id)

    def _failed(self, error: Exception, language: Language | None = None) -> Response[str]:
        logger.exception("unexpected error", exc_info=error)
        return problem("internal_error", language or self.language, request_id=self._request_id)

    def _invalid(self, error: RequestValidationError) -> Response[str]:
        errors = error.errors()
        parts = {one["loc"][0] for one in errors}
        if "path" in parts:  # an id of the wrong form names nothing
            return problem("not_found", self.language)
        if "header" in parts:
            is_missing = any(one["type"] == "missing" for one in errors)
            code = "idempotency_key_missing" if is_missing else "idempotency_key_malformed"
            return problem(code, self.language)
        places = [
            {"field": _field(one["loc"][1:]), "message": one["msg"]}
            for one in errors[:MAX_NAMED_ERRORS]
        ]
        return problem("invalid_request", self.language, errors=places)

    def _no_route(self, _: NotFoundError) -> Response[str]:
        path = self.current_event.path
        routes = [*self._static_routes, *self._dynamic_routes]
        allowed = sorted({route.method for route in routes if route.rule.match(path)})
        if not allowed:
            return problem("not_found", self.language)
        answer = problem("method_not_allowed", self.language, allowed=", ".join(allowed))
        answer.headers["Allow"] = ", ".join(allowed)
        return answer

    @property
    def _request_id(self) -> str:
        """The id of this invocation in the log."""
        return str(self.lambda_context.aws_request_id)


def problem(code: str, language: Language, **values: Any) -> Response[str]:
    """The RFC 9457 answer for a code."""
    known = PROBLEMS[code]
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if known.status in WITH_RETRY_AFTER:
        headers["Retry-After"] = str(values.get("retry_after_s", RETRY_AFTER_S))
    if known.status == HTTPStatus.TOO_MANY_REQUESTS:
        quota = next((values[name] for name in QUOTAS if name in values), 1 + MAX_EARLY_POLLS)
        left_s = f";t={values['retry_after_s']}" if "retry_after_s" in values else ""
        headers["RateLimit-Policy"] = f'"{code}";q={quota}'
        headers["RateLimit"] = f'"{code}";r=0{left_s}'
    return Response(
        status_code=known.status,
        content_type=CONTENT_TYPE,
        headers=headers,
        body=json.dumps(
            known.body(code, values, language), ensure_ascii=False, separators=(",", ":")
        ),
    )


AnswerT = TypeVar("AnswerT", bound=BaseModel)


def cacheable_until_next_poll(answer: AnswerT, poll_after_ms: int | None) -> Response[AnswerT]:
    """A state, which the client may cache until its next poll."""
    seconds = (poll_after_ms or 0) // 1_000
    kept = f"private, max-age={seconds}" if seconds else "private, no-cache"
    return Response(HTTPStatus.OK, "application/json", answer, {"Cache-Control": kept})


def picture(png: bytes, headers: dict[str, str | list[str]]) -> Response[str]:
    """A PNG in base64, as Lambda requires. Powertools would encode bytes too, but validates every
    answer first, and then reads bytes as UTF-8."""
    answer = Response(HTTPStatus.OK, "image/png", base64.b64encode(png).decode(), headers)
    answer.base64_encoded = True
    return answer


def body_hash(body: BaseModel) -> str:
    """Distinguishes a retry from another request with the same key: 128 bits over the meaning.

    The order of fields, white space and optional fields at their default make no difference, so
    that a retry still matches after a release that adds an optional field.
    """
    meaning = body.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(meaning.encode()).hexdigest()[:32]


def _field(place: Sequence[str | int]) -> str:
    """A path in the body as the client wrote it. Pydantic also names the alternative that it chose
    (`placements.0.at=box.x1_pt`), which no body contains."""
    return ".".join(str(part) for part in place if not str(part).startswith(ALTERNATIVE))


def _plain(answer: Response[str]) -> dict[str, Any]:
    """What Lambda returns, for an answer that did not pass through the framework."""
    return {
        "statusCode": answer.status_code,
        "headers": dict(answer.headers),
        "body": answer.body,
        "isBase64Encoded": False,
    }
