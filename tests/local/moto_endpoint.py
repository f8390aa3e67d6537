"""The AWS APIs by default: moto's server in this process, one request at a time.

moto's transactions are not isolated: eight threads that claim 20 items succeed 23 times. A lock
around each request isolates them. The lock must not be held while `ReceiveMessage` waits, so that
wait is done here and not in moto. One thing does not work with the lock: an SNS subscription by
HTTP to this account's own API, which moto would deliver while it holds the lock.
"""

import io
import json
import random
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.test import run_wsgi_app

from tests.local import bucket_cors
from tests.local.errors import LocalAccountError
from tests.local.fair_moto import make_moto_fair
from tests.local.listing import Listing
from tests.local.loopback import LoopbackServer
from tests.local.moto_corrections import correct_s3_events
from tests.local.moto_deliveries import check_queue_policies
from tests.local.outages import Outages
from tests.local.post_policy import PostedForm, posted_form
from tests.local.read_audit import Read, reads
from tests.local.used_rights import AwsRequest, Right

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_RECEIVE = "AmazonSQS.ReceiveMessage"
# Requests that may put something into a queue wake the waiting receivers. S3 and SNS name no
# target.
_FEEDS_A_QUEUE = {
    None,
    "AmazonSQS.ChangeMessageVisibility",
    "AmazonSQS.ChangeMessageVisibilityBatch",
    "AmazonSQS.SendMessage",
    "AmazonSQS.SendMessageBatch",
    "AmazonSQS.StartMessageMoveTask",
}
# Of short polls that are answered with nothing, whatever is in the queue. AWS gives no number.
_FALSE_EMPTY_SHARE = 0.25
# What only time brings (a delay, a visibility timeout that ends) is found by checking again.
_LOOK_AGAIN_S = 0.5

_FORBIDDEN = "403 Forbidden"

_in_use = threading.Lock()


class MotoEndpoint:
    """moto on 127.0.0.1. One in a process, since moto's state is global in the process."""

    def __init__(self, port: int = 0, *, fair_queues: bool = True) -> None:
        if not _in_use.acquire(blocking=False):
            raise LocalAccountError("moto already serves a local account in this process")
        self.outages = Outages()
        self._app = _OneAtATime(DomainDispatcherApplication(create_backend_app), self.outages)
        correct_s3_events()
        check_queue_policies()
        make_moto_fair(fair=fair_queues)
        _reset_backends()
        self._server = LoopbackServer(port, request_handler=MotoRequestHandler)
        self._server.start(self._app)
        self.url = self._server.url

    @property
    def used(self) -> frozenset[Right]:
        """The rights that requests used so far."""
        return frozenset(self._app.used)

    @property
    def reads(self) -> frozenset[Read]:
        """What was read so far."""
        return frozenset(self._app.reads)

    def enforce(self, listing: Listing) -> None:
        """From now on who may not list a bucket is not told that an object is missing."""
        self._app.listing = listing

    def end_long_polls(self) -> None:
        """Answer all who wait for messages; from then on nobody waits."""
        self._app.end_long_polls()

    def stop(self) -> None:
        self.end_long_polls()
        self._server.stop()
        _in_use.release()


class _OneAtATime:
    """WSGI middleware: a lock around every request, and long polling without it."""

    def __init__(self, app: DomainDispatcherApplication, outages: Outages) -> None:
        self._app = app
        self._outages = outages
        self._turn = threading.Condition()
        self.used: set[Right] = set()
        self.reads: set[Read] = set()
        self.listing = Listing((), ())
        self._chances: dict[str, random.Random] = {}
        self._stopping = False

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        body = _read_body(environ)
        request = AwsRequest(environ, body)
        rules = bucket_cors.rules_of(environ)
        target = environ.get("HTTP_X_AMZ_TARGET")
        if (failure := self._outages.failure_of(target)) is not None:
            headers = [("Content-Type", "application/x-amz-json-1.1")]
            answer = _Answer(failure.status, headers, failure.body)
        elif rules is not None and bucket_cors.is_preflight(environ):
            is_allowed = bool(bucket_cors.allowed(rules, environ))
            answer = _Answer("200 OK" if is_allowed else _FORBIDDEN, [], b"")
        elif target == _RECEIVE:
            answer = self._receive(environ, body)
        elif (form := posted_form(environ, body)) is not None:
            answer = self._upload(environ, form)
        else:
            answer = self._take_turn(environ, body)
            if answer.status.startswith("404") and not self._may_be_told(request):
                answer = _access_denied(str(environ["REQUEST_METHOD"]))
        self.used.update(request.rights(int(answer.status[:3])))
        self.reads.update(reads(request))
        if rules is not None:
            answer.headers[:] = bucket_cors.without_cors(answer.headers)
            answer.headers.extend(bucket_cors.allowed(rules, environ))
        start_response(answer.status, answer.headers)
        return [answer.body]

    def end_long_polls(self) -> None:
        with self._turn:
            self._stopping = True
            self._turn.notify_all()

    def _may_be_told(self, request: AwsRequest) -> bool:
        """That what it asked for is missing."""
        bucket, _, key = str(request.environ["PATH_INFO"]).lstrip("/").partition("/")
        if request.caller is None or request.caller[1] != "s3" or not key:
            return True
        return self.listing.allowed(request.caller[0], bucket, key)

    def _take_turn(self, environ: "WSGIEnvironment", body: bytes) -> "_Answer":
        with self._turn:
            answer = _call(self._app, environ, body)
            if environ.get("HTTP_X_AMZ_TARGET") in _FEEDS_A_QUEUE:
                self._turn.notify_all()
        return answer

    def _upload(self, environ: "WSGIEnvironment", form: PostedForm) -> "_Answer":
        refused = form.refused(datetime.now(UTC))
        if refused is not None:
            return _Answer(refused.status, [("Content-Type", "application/xml")], refused.body)
        body, content_type = form.as_stored()
        answer = self._take_turn({**environ, "CONTENT_TYPE": content_type}, body)
        if form.leads_to is None or not answer.status.startswith("303"):
            return answer
        kept = [(name, value) for name, value in answer.headers if name.lower() != "location"]
        return _Answer(answer.status, [*kept, ("Location", form.leads_to)], answer.body)

    def _finds_nothing(self, queue_url: str) -> bool:
        """Whether a short poll asks only servers that have none of the queue's messages.

        https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
        """
        with self._turn:
            chance = self._chances.setdefault(queue_url, random.Random(1))
            return chance.random() < _FALSE_EMPTY_SHARE

    def _receive(self, environ: "WSGIEnvironment", body: bytes) -> "_Answer":
        request = json.loads(body)
        wait_s = float(request.get("WaitTimeSeconds", 0))
        if wait_s == 0 and self._finds_nothing(request["QueueUrl"]):
            return _Answer("200 OK", [("Content-Type", "application/x-amz-json-1.0")], b"{}")
        until = time.monotonic() + wait_s
        at_once = json.dumps({**request, "WaitTimeSeconds": 0}).encode()
        with self._turn:
            while True:
                answer = _call(self._app, environ, at_once)
                left_s = until - time.monotonic()
                if self._stopping or left_s <= 0 or b'"Messages"' in answer.body:
                    return answer
                if not answer.status.startswith("200"):
                    return answer
                self._turn.wait(min(left_s, _LOOK_AGAIN_S))


@dataclass(frozen=True)
class _Answer:
    status: str
    headers: list[tuple[str, str]]
    body: bytes


def _access_denied(method: str) -> _Answer:
    body = b"<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>"
    headers = [("Content-Type", "application/xml")]
    return _Answer(_FORBIDDEN, headers, b"" if method == "HEAD" else body)


def _call(app: DomainDispatcherApplication, environ: "WSGIEnvironment", body: bytes) -> _Answer:
    # Each call has its own environ: Flask stores its marks in it.
    fresh = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    content, status, headers = run_wsgi_app(app, fresh, buffered=True)
    return _Answer(status, headers.to_wsgi_list(), b"".join(content))


def _read_body(environ: "WSGIEnvironment") -> bytes:
    """Read before taking the turn: a slow sender must not delay the others."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return bytes(stream.read())
    return bytes(stream.read(int(environ.get("CONTENT_LENGTH") or 0)))


def _reset_backends() -> None:
    BackendDict.reset()
    reset_model_data()
