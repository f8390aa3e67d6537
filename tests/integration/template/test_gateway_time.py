"""A gateway's slowest response is given up before the function that waits for it times out."""

import pytest

from meterai.gateways.json_client import CONNECT_TIMEOUT_S, TOTAL_TIMEOUT_S
from tests.integration.template.declared import Function, functions

CALLS_A_GATEWAY = {
    name: one
    for name, one in functions().items()
    if any("GatewaySecret" in secret for secret in one.may("secretsmanager:GetSecretValue"))
    and one.folder != "receive_webhook"  # it checks a webhook with the key, and sends nothing
}
SLOWEST_S = CONNECT_TIMEOUT_S + TOTAL_TIMEOUT_S  # if each address of a host name times out


@pytest.mark.parametrize("function", CALLS_A_GATEWAY.values(), ids=CALLS_A_GATEWAY)
def test_a_function_that_calls_a_gateway_runs_longer_than_its_slowest_response(
    function: Function,
) -> None:
    assert function.timeout_s > SLOWEST_S
    assert SLOWEST_S < 30


def test_the_functions_that_call_a_gateway_are_found() -> None:
    assert {one.folder for one in CALLS_A_GATEWAY.values()} >= {
        "purchase",
        "confirm_payment",
        "execute_refund",
        "claim_refund",
    }
