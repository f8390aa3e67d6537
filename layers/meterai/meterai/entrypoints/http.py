"""The edge of an HTTP function: a request becomes a call, and whatever it raises a problem.

A function makes an `HttpApi` and puts one route on it. Errors are answered here and nowhere else;
`meterai.problems` has the sentences.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
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
from meterai.entrypoints.log import begin, logger
from meterai.entrypoints.request_body import read_object, with_text_body
from meterai.problems import CONTENT_TYPE, PROBLEMS

NAMED_ERRORS = 8  # of one request: who sends a thousand unknown fields is told of the first few
RETRY_AFTER_S = 2
ALTERNATIVE = "at="  # so begin the tags of a body's alternatives

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_-]{8,128}$",
        description="Names the intention: the same for each retry, never reused for another",
    ),
]

Ticket = Annotated[
    str | None,
    Header(
        alias="Meterai-Ticket",
        description="Of a place in the waiting room whose turn it is; needed while buying is "
        "paused (503 `buying_paused`), and not looked at otherwise",
    ),
]

OrderInPath = Annotated[OrderId, Path(pattern=r"^ord_[A-Z2-7]{26}$")]
ReceiptKeyInPath = Annotated[
    str,
    Path(
        pattern=r"^(root|[0-9]{10}-[A-Za-z0-9_-]{12})$",
        description="A receipt's `kid`: a JWS (ES256) that says which Ed25519 key signs its hour's "
        "receipts; or `root`: the JWK that those are signed with",
    ),
]
RefundInPath = Annotated[RefundId, Path(pattern=r"^rfd_[A-Z2-7]{26}$")]


def _account(request: Request) -> str:
    """The token's subject; API Gateway has verified the token before the function runs."""
    return str(_claims(request)["sub"])


def _scopes(request: Request) -> frozenset[str]:
    return frozenset(str(_claims(request).get("scope", "")).split())


def _claims(request: Request) -> dict[str, Any]:
    context = request.resolved_event.raw_event["requestContext"]
    claims: dict[str, Any] = context["authorizer"]["jwt"]["claims"]
    return claims


Account = Annotated[str, Depends(_account)]
Scopes = Annotated[frozenset[str], Depends(_scopes)]


class HttpApi(APIGatewayHttpResolver):
    """One function's routes. `handler` is what Lambda calls."""

    def __init__(self) -> None:
        super().__init__(
            enable_validation=True,
            # An answer of ours that breaks its own model is our fault: without this it would be
            # told as a fault of the request.
            response_validation_error_http_code=HTTPStatus.INTERNAL_SERVER_ERROR,
            json_body_deserializer=read_object,
        )
        self.exception_handler(MeteraiError)(self._refused)
        self.exception_handler(RequestValidationError)(_invalid)
        self.exception_handler(Exception)(self._failed)
        self.not_found(self._no_route)

    def handler(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        begin(context)
        self.lambda_context = context
        try:
            return self.resolve(with_text_body(event), context)
        except MeteraiError as error:
            return _plain(self._refused(error))
        except Exception as error:  # noqa: BLE001 (logged there; nothing else may leave a function)
            return _plain(self._failed(error))

    def _refused(self, error: MeteraiError) -> Response[str]:
        if error.code not in PROBLEMS:  # for us to mend, not for the client
            return self._failed(error)
        # A refusal is an answer, whatever its status; the rest is told without its values.
        if isinstance(error, Refusal) or (
            PROBLEMS[error.code].status < HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            return problem(error.code, **error.values)
        logger.warning("not served", extra={"code": error.code, "values": error.values})
        return problem(error.code, request_id=self._request_id)

    def _failed(self, error: Exception) -> Response[str]:
        logger.exception("unexpected error", exc_info=error)
        return problem("internal_error", request_id=self._request_id)

    def _no_route(self, _: NotFoundError) -> Response[str]:
        path = self.current_event.path
        routes = [*self._static_routes, *self._dynamic_routes]
        allowed = sorted({route.method for route in routes if route.rule.match(path)})
        if not allowed:
            return problem("not_found")
        answer = problem("method_not_allowed", allowed=", ".join(allowed))
        answer.headers["Allow"] = ", ".join(allowed)
        return answer

    @property
    def _request_id(self) -> str:
        """What the log calls this invocation."""
        return str(self.lambda_context.aws_request_id)


def problem(code: str, **values: Any) -> Response[str]:
    """The RFC 9457 answer for a code."""
    known = PROBLEMS[code]
    headers: dict[str, str | list[str]] = {"Cache-Control": "no-store"}
    if known.status in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        headers["Retry-After"] = str(values.get("retry_after_s", RETRY_AFTER_S))
    return Response(
        status_code=known.status,
        content_type=CONTENT_TYPE,
        headers=headers,
        body=json.dumps(known.body(code, values), ensure_ascii=False, separators=(",", ":")),
    )


AnswerT = TypeVar("AnswerT", bound=BaseModel)


def until_asked_again(answer: AnswerT, poll_after_ms: int | None) -> Response[AnswerT]:
    """A state, which whoever asked may keep for as long as he need not ask again."""
    seconds = (poll_after_ms or 0) // 1_000
    kept = f"private, max-age={seconds}" if seconds else "private, no-cache"
    return Response(HTTPStatus.OK, "application/json", answer, {"Cache-Control": kept})


def picture(png: bytes, headers: dict[str, str | list[str]]) -> Response[str]:
    """An answer that is a PNG, in base64 as Lambda wants it. Powertools would encode bytes too, but
    validates every answer first, and takes bytes for UTF-8 then."""
    answer = Response(HTTPStatus.OK, "image/png", base64.b64encode(png).decode(), headers)
    answer.base64_encoded = True
    return answer


def body_hash(body: BaseModel) -> str:
    """Tells a true retry from another request under the same key: 128 bits over the meaning, so
    that another order of the fields or other spaces are the same request, as is an optional field
    left out, also one that we shall have added by the time of the retry."""
    meaning = body.model_dump_json(exclude_defaults=True)
    return hashlib.sha256(meaning.encode()).hexdigest()[:32]


def _invalid(error: RequestValidationError) -> Response[str]:
    errors = error.errors()
    parts = {one["loc"][0] for one in errors}
    if "path" in parts:  # an id that cannot be one names nothing
        return problem("not_found")
    if "header" in parts:
        return problem("idempotency_key_missing")
    places = [
        {"field": _field(one["loc"][1:]), "message": one["msg"]} for one in errors[:NAMED_ERRORS]
    ]
    return problem("invalid_request", errors=places)


def _field(place: Sequence[str | int]) -> str:
    """A place in the body as the client wrote it: pydantic also names the alternative that it took
    (`placements.0.at=box.x1_pt`), which is in no body."""
    return ".".join(str(part) for part in place if not str(part).startswith(ALTERNATIVE))


def _plain(answer: Response[str]) -> dict[str, Any]:
    """What Lambda returns, for an answer that did not come through the framework."""
    return {
        "statusCode": answer.status_code,
        "headers": dict(answer.headers),
        "body": answer.body,
        "isBase64Encoded": False,
    }
