"""Cognito's own API, of which functions here use one call: who is behind a `sub`.

https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminGetUser.html
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from tests.local.used_rights import AwsRequest, Right

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_TARGET = "AWSCognitoIdentityProviderService.AdminGetUser"


class Directory:
    """A WSGI application. It knows all who ever signed in. `attributes` of a `sub`, which
    raises KeyError; `pool_id`: of the pool whose people sign in with an address."""

    def __init__(self, pool_id: str, attributes: Callable[[str], Mapping[str, str]]) -> None:
        self._pool_id = pool_id
        self._attributes = attributes
        self.used: set[Right] = set()

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        request = Request(environ)
        answer = self._answer(request, AwsRequest(environ, b"").caller)
        return answer(environ, start_response)

    def _answer(self, request: Request, caller: tuple[str, str] | None) -> Response:
        if request.headers.get("X-Amz-Target") != _TARGET:
            return _refused("UnknownOperationException", "only AdminGetUser")
        asked = json.loads(request.get_data())
        if caller is not None:
            self.used.add(Right(caller[0], "cognito-idp:AdminGetUser", asked["UserPoolId"]))
        if asked["UserPoolId"] != self._pool_id:
            return _refused("ResourceNotFoundException", "User pool does not exist.")
        try:
            found = dict(self._attributes(asked["Username"]))
        except KeyError:
            return _refused("UserNotFoundException", "User does not exist.")
        username = found.pop("username")
        return _json(
            200,
            {
                "Username": username,
                "Enabled": True,
                "UserStatus": "CONFIRMED",
                "UserAttributes": [{"Name": name, "Value": found[name]} for name in sorted(found)],
            },
        )


def _refused(code: str, message: str) -> Response:
    return _json(400, {"__type": code, "message": message})


def _json(status: int, body: Mapping[str, object]) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/x-amz-json-1.1")
