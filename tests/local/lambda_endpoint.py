"""Lambda's API, of which functions here use one call: a function invokes another and waits for it.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from tests.local.functions import Functions, ThrottledError
from tests.local.used_rights import AwsRequest, Right

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_INVOKE = re.compile(r"/2015-03-31/functions/([^/]+)/invocations")
_EVENT_LIMIT_BYTES = 6 * 1024 * 1024
_MAX_WAIT_S = 25.0  # those who ask wait no longer


class LambdaEndpoint:
    """A WSGI application. Where Lambda would throttle it does as `functions.py` says."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._by_name = {one.spec.name: one.spec.logical_id for one in functions}
        self.used: set[Right] = set()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        return self._answer(request, AwsRequest(environ, b"").caller)(environ, start_response)

    def _answer(self, request: Request, caller: tuple[str, str] | None) -> Response:
        wanted = _INVOKE.fullmatch(request.path)
        if request.method != "POST" or wanted is None:
            return _refused(501, "UnknownOperationException", request.path)
        if caller is not None:
            self.used.add(Right(caller[0], "lambda:InvokeFunction", wanted[1]))
        if request.headers.get("X-Amz-Invocation-Type", "RequestResponse") != "RequestResponse":
            return _refused(501, "UnknownOperationException", "only synchronous invocations")
        function = self._by_name.get(wanted[1])
        if function is None:
            return _refused(404, "ResourceNotFoundException", f"Function not found: {wanted[1]}")
        event = request.get_data()
        if len(event) > _EVENT_LIMIT_BYTES:
            return _refused(413, "RequestTooLargeException", "the event is larger than 6 MB")
        try:
            outcome = self._functions.invoke(function, event, throttle=True, within_s=_MAX_WAIT_S)
        except ThrottledError:
            return _refused(429, "TooManyRequestsException", "Rate Exceeded.")
        failed = {} if outcome.error_type is None else {"X-Amz-Function-Error": "Unhandled"}
        return Response(
            outcome.payload,
            status=200,
            headers={**failed, "x-amzn-RequestId": outcome.request_id},
            content_type="application/json",
        )


def _refused(status: int, code: str, message: str) -> Response:
    return Response(
        json.dumps({"Type": "User", "Message": message}),
        status=status,
        headers={"x-amzn-ErrorType": code},
        content_type="application/json",
    )
