"""The gateway's sandbox: whether a stack sells at one, and how an order is paid there."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from meterai.api import OrderAnswer
from meterai.domain.id_derivation import charge_id
from meterai.gateways.json_client import JsonClient, gateway_http
from meterai.gateways.xendit.client import XenditClient, accepted
from meterai_cli.stack import Stack

# https://docs.midtrans.com/docs/testing-payment-on-sandbox
MIDTRANS_SANDBOX = "api.sandbox.midtrans.com"
MIDTRANS_SIMULATOR = "https://simulator.sandbox.midtrans.com/v2/qris/index"
XENDIT_TEST_KEY = "xnd_development"  # live keys begin with xnd_production
LOOPBACK = ("127.0.0.1", "localhost")
SIMULATE_TIMEOUT_S = 20.0

Say = Callable[[str], None]
Pay = Callable[[OrderAnswer], None]


class NotASandbox(Exception):
    """Money would be real, or nobody can tell."""


def sandbox_of(stack: Stack, secrets_manager: Any, say: Say) -> Pay:
    """How an order is paid there. At Midtrans a person does it: its simulator is a page. Xendit's
    test mode has a call for it. Raises NotASandbox before anything is bought."""
    gateway, url = stack.parameter("Gateway"), stack.parameter("GatewayUrl")
    host = urlsplit(url).hostname or ""
    match gateway:
        case "midtrans" if host == MIDTRANS_SANDBOX or host in LOOPBACK:
            return lambda order: _ask_to_pay(order, say)
        case "xendit":
            arn = stack.output("GatewaySecretArn")
            stored = secrets_manager.get_secret_value(SecretId=arn)["SecretString"]
            keys: Mapping[str, str] = json.loads(stored)
            key = keys.get("server_key", "")
            if key.startswith(XENDIT_TEST_KEY):
                return lambda order: simulate_payment(order, url, key)
            raise NotASandbox(f"the key in {arn} is no test key ({XENDIT_TEST_KEY}…)")
        case _:
            raise NotASandbox(f"{gateway} at {url} is no sandbox")


def _ask_to_pay(order: OrderAnswer, say: Say) -> None:
    page = order.pay and order.pay.qr_page_url
    say(f"pay it by hand: paste {page}")
    say(f"into {MIDTRANS_SIMULATOR}, and press Pay there")


def simulate_payment(order: OrderAnswer, url: str, key: str) -> None:
    """Xendit's test mode pays the order's charge; live keys are refused. The call is that of the
    official clients (`PaymentRequestApi.simulate_payment_request_payment`), for charges of the same
    version. Raises Unavailable, GatewayRefused."""
    client = XenditClient(JsonClient("xendit", url, key, gateway_http(SIMULATE_TIMEOUT_S)))
    charge = client.payment_request(charge_id(order.order_id, 1))
    if charge is None:
        raise NotASandbox(f"Xendit has no charge of {order.order_id}")
    accepted(client.post(f"/payment_requests/{charge.id}/payments/simulate", {}))
