"""The functions as Lambda runs them, in one process, over the in-memory ports.

Each function takes its ports from `meterai.container.container`, which makes them on first use;
here they are overridden by in-memory ones.
"""

import base64
import importlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import Container, container
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.orders.payments import WebhookEvent
from meterai.gateways.midtrans.webhooks import parse_webhook
from meterai.settings import Settings
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import MemoryPorts, ports_of

EVENTS = Path(__file__).parents[3] / "events"
SHARED = {name for name, made in vars(Container).items() if isinstance(made, cached_property)} - {
    "bulk_reporter",
    "id_deriver",
    "demand_reporter",
    "token_signer",
    "webhook_parsers",
    "webhook_verifiers",
}
"""The container's ports that are in memory here; the others are as in production."""
GATEWAY_SERVER_KEY = "the gateway's server key"
FOR_PEOPLE = {
    "pages",
    "check_pages",
    "sign_in",
    "operator_pages",
}  # they answer pages, which `openapi.json` does not describe
Event = dict[str, Any]

SETTINGS = Settings.model_validate(
    {
        "orders_table": "orders",
        "payments_table": "payments",
        "serials_table": "serials",
        "refunds_table": "refunds",
        "load_status_table": "flow",
        "waiting_room_table": "places",
        "portals_table": "portals",
        "drafts_table": "drafts",
        "notifications_table": "notifications",
        "receipt_keys_secret_arn": "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:keys",
        "receipt_root_key_id": "1b1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "documents_bucket": "documents",
        "inspect_function": "meterai-inspect",
        "payments_queue_url": "https://queue.example/meterai-payments",
        "stamping_queue_url": "https://queue.example/meterai-stamping",
        "urgent_stamping_queue_url": "https://queue.example/meterai-urgent-stamping",
        "bulk_queue_url": "https://queue.example/meterai-bulk",
        "refunds_queue_url": "https://queue.example/meterai-refunds",
        "augmentation_queue_url": "https://queue.example/meterai-augmentation",
        "notifications_queue_url": "https://queue.example/meterai-notifications",
        "ses_identity_arn": "arn:aws:ses:ap-southeast-3:123456789012:identity/meterai.example",
        "identity_secret_arn": "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:identity",
        "token_secret_arn": "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:tokens",
        "gateway_secret_arn": "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:gateway",
        "gateway_url": "https://gateway.example",
        "payouts_url": "https://payouts.example",
        "account_key_id": "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "signing_manifest_object": "signing/manifest.json",
        "public_host": "meterai.example",
        "portals": "sscasn",
        "bulk_release_run_s": 0,
    }
)


@dataclass(frozen=True)
class Answer:
    """An HTTP response: its body as text and, if it is JSON, parsed."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @classmethod
    def of(cls, returned: Any) -> "Answer":
        """The response that API Gateway makes of a function's return value."""
        body = returned["body"]
        content = base64.b64decode(body) if returned["isBase64Encoded"] else body.encode()
        return cls(returned["statusCode"], returned["headers"], content)

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class FunctionApp:
    """One in-memory state and the functions over it. `witness` is called with each request and
    response."""

    state: InMemoryState
    ports: MemoryPorts
    witness: "Witness"

    def request(self, event: Event) -> Answer:
        """The client's response. The function is found by the event's route, as API Gateway
        does."""
        answer = Answer.of(self.invoke(FUNCTION_OF_ROUTE[event["routeKey"]], event))
        self.witness(event, answer)
        return answer

    def break_down(self, error: Exception) -> None:
        """From now on every call of a port raises this."""

        def fail(*_: str) -> None:
            raise error

        self.state.hook = fail

    def invoke(self, function: str, event: Event) -> Any:
        """The handler's return value, as Lambda's runtime passes it on."""
        handler = importlib.import_module(f"functions.{function}.app").handler
        returned = handler(json.loads(json.dumps(event)), cast("LambdaContext", Context()))
        encoded = json.dumps(returned, ensure_ascii=False).encode()  # as the runtime does
        return json.loads(encoded)


Witness = Callable[[Event, Answer], None]


def _no_check(event: Event, answer: Answer) -> None:
    """Checks nothing."""


@dataclass(frozen=True)
class Context:
    """The parts of Lambda's context that the functions read."""

    aws_request_id: str = "0d6a9f0e-5c0f-4a53-9d5b-6a8f3a2f7c11"

    def get_remaining_time_in_millis(self) -> int:
        """As in a function that has only just begun."""
        return 840_000


@contextmanager
def open_app(witness: Witness = _no_check) -> Iterator[FunctionApp]:
    """Inside, the functions work on a new in-memory state, and read the time from it."""
    state = InMemoryState()
    ports = ports_of(state)
    overrides = {name: port for name, port in vars(ports).items() if name in SHARED}
    with container.overriding(
        **overrides,
        clock=lambda: state.now,
        settings=SETTINGS,
        id_deriver=IdDeriver(b"the secret of this office"),
        webhook_verifiers={"midtrans": lambda body, _: _read_webhook(body)},
        webhook_parsers={"midtrans": _read_webhook},
        read_snapshot=lambda: ports.snapshot,
    ):
        yield FunctionApp(state, ports, witness)


def sample(name: str) -> Event:
    """`events/<name>.json`."""
    event: Event = json.loads((EVENTS / f"{name}.json").read_text(encoding="utf-8"))
    return event


def _routes() -> dict[str, str]:
    """Which function serves a route, by the samples' names."""
    events = {path.stem: sample(path.stem) for path in sorted(EVENTS.glob("*.json"))}
    return {
        event["routeKey"]: name.partition(".")[0]
        for name, event in events.items()
        if "routeKey" in event and name.partition(".")[0] not in FOR_PEOPLE
    }


FUNCTION_OF_ROUTE = _routes()
HTTP_FUNCTIONS = sorted(set(FUNCTION_OF_ROUTE.values()))


def _read_webhook(body: str) -> WebhookEvent:
    return parse_webhook(body, GATEWAY_SERVER_KEY)
