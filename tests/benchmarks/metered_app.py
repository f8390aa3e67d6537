"""The deployed handlers in this process, over the template's resources on ministack, metered.

All requests to AWS go through `meterai.aws.clients`, and the meter counts them there. The counts do
not depend on how fast this machine is: the load snapshot, which an instance reads once a second
(half a read unit), is read only on request; so is the secret of receipt keys while it is empty; and
the reports of throughput and of sales are off.
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
from typing import Any, cast
from unittest.mock import patch

import urllib3

from meterai_cli.gateway_keys import set_gateway_keys
from tests.contract.ministack import running
from tests.local.addresses import Addresses
from tests.local.authority import LocalAuthority
from tests.local.aws_clients import AwsClients
from tests.local.declaration import Place
from tests.local.function_environment import FAKE_CREDENTIALS
from tests.local.functions import Functions
from tests.local.instances import Outcome
from tests.local.lambda_endpoint import LambdaEndpoint
from tests.local.loopback import LoopbackServer
from tests.local.queue_events import queue_event
from tests.local.signing_setup import SIGNING_MANIFEST_OBJECT, set_up_signing
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
_NO_SERVICE = "http://127.0.0.1:9"

Json = dict[str, Any]


@dataclass(frozen=True)
class MeteredApp:
    """Calls handlers, and meters the AWS calls of each."""

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
        """The answer of an HTTP function. Raises RuntimeError where that is a problem."""
        answer = self._handler(function)(_http_event(method, path, body, account), _CONTEXT)
        if answer["statusCode"] >= 300:
            raise RuntimeError(f"{method} {path}: {answer['body']}")
        result: Json = json.loads(answer["body"])
        return result

    def work(self, function: str, queue: str) -> int:
        """Pass all messages of a queue to its function; how many there were."""
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
        """The answer of a scheduled function."""
        return self._handler(function)({}, _CONTEXT)

    def read_snapshot(self) -> None:
        """Read the load snapshot, as an instance does each second, and keep it."""
        from meterai.aws.load import load_metrics
        from meterai.container import container

        load_metrics.MAX_AGE_S = 0
        _ = container.snapshot
        load_metrics.MAX_AGE_S = math.inf

    def deliver_webhook(self, charge_id: str) -> None:
        """Pass the gateway's webhook about a charge, in its present state, to its function."""
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


class _Inspect:
    """The one function that others invoke, in this process as they are."""

    def __init__(self, name: str) -> None:
        self._spec = SimpleNamespace(name=name, logical_id="InspectFunction")

    def __iter__(self) -> Iterator[Any]:
        yield SimpleNamespace(spec=self._spec)

    def invoke(self, _: str, event: bytes, *, throttle: bool, within_s: float) -> Outcome:
        del throttle, within_s  # nothing else runs here
        handler = importlib.import_module("functions.inspect.app").handler
        return Outcome("benchmark", json.dumps(handler(json.loads(event), _CONTEXT)).encode())


@contextmanager
def metered_app(ministack_python: Path) -> Iterator[MeteredApp]:
    """At most once in a process: the handlers keep their clients."""
    with running(ministack_python) as endpoint, MidtransSimulator(server_key=SERVER_KEY) as gateway:
        clients = AwsClients(endpoint, REGION)
        stack = _created(endpoint, gateway.url, clients)
        environment = stack.specs(FunctionSpec)[0].environment
        lambda_server = LoopbackServer()
        inspect = _Inspect(environment["INSPECT_FUNCTION"])
        lambda_server.start(LambdaEndpoint(cast("Functions", inspect)))
        os.environ.update(
            {
                **environment,
                **FAKE_CREDENTIALS,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_ENDPOINT_URL_LAMBDA": lambda_server.url,
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "LOG_LEVEL": "ERROR",
            }
        )
        outputs = stack.outputs()
        _set_up_signing(clients, outputs)
        set_gateway_keys(
            clients("secretsmanager"), outputs["GatewaySecretArn"], {"server_key": SERVER_KEY}
        )
        from meterai.aws import clients as aws
        from meterai.aws.keys import receipt_keys
        from meterai.entrypoints import demand_reporter, throughput_reporter

        meter = Meter(
            aws.dynamodb(),
            aws.s3(),
            aws.sqs(),
            aws.kms(),
            aws.lambda_(aws.INSPECT_WITHIN_S[0]),
            aws.secrets_manager(),
        )
        metered = MeteredApp(gateway, clients, outputs, meter)
        metered.read_snapshot()
        with (
            patch.object(throughput_reporter, "MIN_QUEUED_S", math.inf),
            patch.object(demand_reporter, "MIN_REQUESTS", math.inf),
            patch.object(receipt_keys, "MAX_EMPTY_AGE_S", math.inf),
        ):
            yield metered
        lambda_server.stop()


def _created(endpoint: str, gateway_url: str, clients: AwsClients) -> Stack:
    account_id = clients("sts").get_caller_identity()["Account"]
    addresses = Addresses(endpoint, _NO_SERVICE, _NO_SERVICE)
    place = Place("benchmark", account_id, REGION, addresses, TEMPLATE.parent, clients)
    parameters = {
        "PublicHost": "meterai.example",
        "GatewayUrl": gateway_url,
        "SigningManifestObject": SIGNING_MANIFEST_OBJECT,
        "LoadSnapshotRunS": "0",
    }
    stack = Stack(read_template(TEMPLATE), parameters, place)
    stack.create()
    return stack


def _set_up_signing(clients: AwsClients, outputs: dict[str, str]) -> None:
    with LocalAuthority() as authority:
        set_up_signing(
            outputs["SigningKeyId"],
            authority,
            kms=clients("kms"),
            s3=clients("s3"),
            bucket=outputs["DocumentsBucketName"],
        )


def _http_event(method: str, path: str, body: Json | None, account: str) -> Json:
    """An event of payload format 2.0, with the parts that the handlers read."""
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
