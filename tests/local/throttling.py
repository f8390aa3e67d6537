"""Throttling: a switch in front of ministack that refuses a share of the functions' requests and
makes KMS slow.

    POST /_throttling?share=0.3&kms_s=2     from now on; an omitted value is zero
    GET  /_throttling                       how many requests were refused so far, by service

Only functions are throttled: their user agent has their logical id (`function_environment.py`).
They get the errors that DynamoDB, KMS, SQS and S3 return at their limits; botocore retries.

Standard library only: `fair_ministack.py` imports it in ministack's own environment.
"""

import asyncio
import json
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs

PATH = "/_throttling"
_CALLER = re.compile(rb"\bapp/\w+Function\b")
_SERVICE = re.compile(rb"Credential=[^/]+/[^/]+/[^/]+/(\w+)/")
_EXCEPTIONS = {  # names of the JSON protocols; services not listed here use the default below
    "dynamodb": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
    "kms": "ThrottlingException",
}
_SLOW_DOWN = (
    b"<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


class Throttling:
    """An ASGI application in front of ministack's."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._share = 0.0
        self._kms_s = 0.0
        self._chance = random.Random(1)
        self._refused: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"] == PATH:
            await self._switch(scope, send)
        elif (service := _service_for_function(scope)) is None:
            await self._app(scope, receive, send)
        elif self._chance.random() < self._share:
            await _read(receive)
            self._refused[service] += 1
            await _refuse(service, send)
        else:
            if service == "kms":
                await asyncio.sleep(self._kms_s)
            await self._app(scope, receive, send)

    async def _switch(self, scope: Scope, send: Send) -> None:
        if scope["method"] == "POST":
            query = parse_qs(scope["query_string"].decode())
            self._share = float(query.get("share", ["0"])[0])
            self._kms_s = float(query.get("kms_s", ["0"])[0])
        await _answer(send, 200, "application/json", json.dumps(self._refused).encode())


def _service_for_function(scope: Scope) -> str | None:
    """The service that a function calls; None for any other caller."""
    headers = dict(scope["headers"])
    service = _SERVICE.search(headers.get(b"authorization", b""))
    if service is None or _CALLER.search(headers.get(b"user-agent", b"")) is None:
        return None
    return service[1].decode()


async def _read(receive: Receive) -> None:
    """Reads the whole request, so that the connection can be used for the next one."""
    while (await receive()).get("more_body"):
        pass


async def _refuse(service: str, send: Send) -> None:
    if service == "s3":
        await _answer(send, 503, "application/xml", _SLOW_DOWN)
        return
    kind = _EXCEPTIONS.get(service, "ThrottlingException")
    body = json.dumps({"__type": kind, "message": "Rate exceeded"}).encode()
    await _answer(send, 400, "application/x-amz-json-1.0", body)


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
