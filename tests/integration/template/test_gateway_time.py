"""A gateway that answers after half a minute: by then it was given up, and the function lives."""

import pytest

from meterai.gateways.http import GatewayHttp
from tests.integration.template.declared import Function, functions

ASKS_A_GATEWAY = {
    name: one
    for name, one in functions().items()
    if any("GatewaySecret" in secret for secret in one.may("secretsmanager:GetSecretValue"))
    and one.folder != "receive_webhook"  # it holds a notice against the key, and asks nobody
}
DOOR = GatewayHttp("gateway", "https://gateway.example", "key")
SLOWEST_S = DOOR.connect_timeout_s + DOOR.total_timeout_s


@pytest.mark.parametrize("function", ASKS_A_GATEWAY.values(), ids=ASKS_A_GATEWAY)
def test_who_asks_a_gateway_outlives_its_slowest_answer(function: Function) -> None:
    assert function.timeout_s > SLOWEST_S
    assert SLOWEST_S < 30


def test_those_that_ask_are_known() -> None:
    assert {one.folder for one in ASKS_A_GATEWAY.values()} >= {
        "purchase",
        "confirm_payment",
        "execute_refund",
        "claim_refund",
    }
