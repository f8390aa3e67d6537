"""The office's own handlers in this process, over the template's resources on ministack, metered.

Whatever a handler asks of AWS goes through `meterai.aws.clients`, and there the meter sits. What it
asks in calm weather is the same each time: the snapshot, which an instance reads once a second
(half a read unit), is read when the office is told to, and nobody tells how long a lane is or how
much was sold, however slow or fast this machine may be.
"""

import importlib
import json
import math
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import urllib3

from tests.contract.ministack import running
from tests.local.addresses import Addresses
from tests.local.authority import LocalAuthority
from tests.local.aws_clients import AwsClients
from tests.local.declaration import Place
from tests.local.enrolment import SIGNING_MANIFEST_OBJECT, enrol
from tests.local.function_environment import FAKE_CREDENTIALS
from tests.local.queue_events import queue_event
from tests.local.specs import FunctionSpec
from tests.local.stack import Stack
from tests.local.template import read_template
from tests.metering import Meter, Usage
from tests.midtrans import MidtransSimulator, bodies

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
REGION = "ap-southeast-3"
SERVER_KEY = "SB-Mid-server-benchmark"
ACCOUNT = "9a4c2e8e-70b1-7019-8c53-1f6b2d7e4a10"
_CONTEXT = SimpleNamespace(aws_request_id="benchmark", get_remaining_time_in_millis=lambda: 60_000)
_NOBODY = "http://127.0.0.1:9"

Json = dict[str, Any]


@dataclass(frozen=True)
class MeteredOffice:
    """Calls handlers and says what each cost."""

    gateway: MidtransSimulator
    clients: AwsClients
    outputs: dict[str, str]
    meter: Meter

    def request(
        self,
        function: str,
        method: str,
        path: str,
        body: Json | None = None,
        *,
        account: str = ACCOUNT,
    ) -> Json:
        """What an HTTP function answers; a problem ends the benchmark."""
        answer = self._handler(function)(_http_event(method, path, body, account), _CONTEXT)
        if answer["statusCode"] >= 300:
            raise RuntimeError(f"{method} {path}: {answer['body']}")
        result: Json = json.loads(answer["body"])
        return result

    def work(self, function: str, queue: str) -> int:
        """Hands everything in a queue to its function, a message at a time; answers how many."""
        sqs, url, done = self.clients("sqs"), self.outputs[queue], 0
        while messages := sqs.receive_message(
            QueueUrl=url, WaitTimeSeconds=0, MessageSystemAttributeNames=["All"]
        ).get("Messages"):
            arn = f"arn:aws:sqs:{REGION}:0:{url.rpartition('/')[2]}"
            event = queue_event(messages, queue_arn=arn, region=REGION)
            failures = self._handler(function)(event, _CONTEXT)["batchItemFailures"]
            if failures:
                raise RuntimeError(f"{function} failed: see its log above")
            for message in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
            done += len(messages)
        return done

    def run(self, function: str) -> Json:
        """What a scheduled function answers."""
        return self._handler(function)({}, _CONTEXT)

    def look_at_the_snapshot(self) -> None:
        """As each instance does in a new second; what is there now, the office keeps."""
        from meterai.aws.load import load_metrics
        from meterai.container import container

        load_metrics.REMEMBERED_S = 0
        _ = container.snapshot
        load_metrics.REMEMBERED_S = math.inf

    def deliver_notice(self, charge_id: str) -> None:
        """Hands the gateway's notice of a charge, as it stands, to its function."""
        transaction = self.gateway.transaction(charge_id)
        if transaction is None:
            raise RuntimeError(f"the gateway knows no {charge_id}")
        webhook = bodies.webhook(transaction, "G000000018", SERVER_KEY)
        self.request("receive_webhook", "POST", "/v1/webhooks/midtrans", webhook)

    def upload(self, content: bytes, offer: Json) -> None:
        fields = {**offer["fields"], "file": ("document.pdf", content, "application/pdf")}
        response = urllib3.request("POST", offer["url"], fields=fields, retries=False)
        if response.status >= 300:
            raise RuntimeError(f"upload: {response.status} {response.data[:200]!r}")

    def measured(self, act: Callable[[], Any]) -> tuple[Any, Usage]:
        with self.meter.measured() as usage:
            answer = act()
        return answer, usage

    def _handler(self, function: str) -> Callable[[Json, Any], Json]:
        handler: Callable[[Json, Any], Json]
        handler = importlib.import_module(f"functions.{function}.app").handler
        return handler


@contextmanager
def metered_office(ministack_python: Path) -> Iterator[MeteredOffice]:
    """May be had once in a process: the handlers keep their clients."""
    with running(ministack_python) as endpoint, MidtransSimulator(server_key=SERVER_KEY) as gateway:
        clients = AwsClients(endpoint, REGION)
        stack = _created(endpoint, gateway.url, clients)
        environment = stack.specs(FunctionSpec)[0].environment
        os.environ.update(
            {
                **environment,
                **FAKE_CREDENTIALS,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "LOG_LEVEL": "ERROR",
            }
        )
        outputs = stack.outputs()
        _enrol(clients, outputs)
        from meterai.aws import clients as office_clients

        meter = Meter(
            office_clients.dynamodb(),
            office_clients.s3(),
            office_clients.sqs(),
            office_clients.kms(),
            office_clients.secrets_manager(),
        )
        metered = MeteredOffice(gateway, clients, outputs, meter)
        metered.look_at_the_snapshot()
        calm = [f"meterai.entrypoints.{limit}" for limit in ("tallies.LONG_S", "sales.MANY")]
        with patch(calm[0], math.inf), patch(calm[1], math.inf):
            yield metered


def _created(endpoint: str, gateway_url: str, clients: AwsClients) -> Stack:
    account_id = clients("sts").get_caller_identity()["Account"]
    addresses = Addresses(endpoint, _NOBODY, _NOBODY)
    place = Place("benchmark", account_id, REGION, addresses, TEMPLATE.parent, clients)
    parameters = {
        "PublicHost": "meterai.example",
        "GatewayUrl": gateway_url,
        "GatewayServerKey": SERVER_KEY,
        "SigningManifestObject": SIGNING_MANIFEST_OBJECT,
        "LoadSnapshotRunS": "0",
    }
    stack = Stack(read_template(TEMPLATE), parameters, place)
    stack.create()
    return stack


def _enrol(clients: AwsClients, outputs: dict[str, str]) -> None:
    with LocalAuthority() as authority:
        enrol(
            outputs["SigningKeyId"],
            authority,
            kms=clients("kms"),
            s3=clients("s3"),
            bucket=outputs["DocumentsBucketName"],
        )


def _http_event(method: str, path: str, body: Json | None, account: str) -> Json:
    """Payload format 2.0, as far as a handler reads it."""
    claims = {"sub": account, "scope": "meterai/applicant"}
    return {
        "version": "2.0",
        "routeKey": f"{method} {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "idempotency-key": uuid.uuid4().hex},
        "requestContext": {
            "http": {"method": method, "path": path},
            "stage": "$default",
            "authorizer": {"jwt": {"claims": claims, "scopes": []}},
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
