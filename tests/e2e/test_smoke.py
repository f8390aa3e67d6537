"""`python -m meterai_cli smoke`, at the whole system: cut off, gone on with, and repeated."""

import re
from collections.abc import Callable

import pytest

from meterai_cli.smoke.sandbox import Say
from meterai_cli.smoke.steps import Deadlines, Smoke
from meterai_cli.stack import Stack
from tests.e2e.customer import Customer
from tests.local.environment import Environment
from tests.local.signing_setup import SIGNING_MANIFEST_OBJECT

FOR_THE_PERSON = "pay it by hand: paste "
STEPS = 12


@pytest.fixture
def receipt_keys(environment: Environment) -> None:
    """Those of this hour and the next, as the schedule makes them."""
    outcome = environment.account.fire_schedule("RenewReceiptKeyFunction")
    assert outcome.error_type is None, outcome.payload


def smoke(environment: Environment, customer: Customer, say: Say) -> Smoke:
    """One run of always the same name, at a stack whose gateway the simulator is."""
    account = environment.account
    parameters = {
        "Gateway": "midtrans",
        "GatewayUrl": environment.gateway.url,
        "SigningManifestObject": SIGNING_MANIFEST_OBJECT,
    }
    outputs = {**account.outputs, "ApiUrl": account.api_url}
    stack = Stack("local", outputs, parameters)
    deadlines = Deadlines(60, 60, 60)
    return Smoke.of(stack, account.client, customer.token, "a-run", deadlines, say)


def test_smoke_goes_on_where_it_was_cut_off_and_buys_nothing_twice(
    receipt_keys: None, environment: Environment, customer: Customer
) -> None:
    del receipt_keys

    def run(at_payment: Callable[[str], object]) -> tuple[bool, list[str]]:
        lines: list[str] = []

        def say(line: str) -> None:
            lines.append(line)
            if line.startswith(FOR_THE_PERSON):
                at_payment(line.removeprefix(FOR_THE_PERSON))

        return smoke(environment, customer, say).succeeds(), lines

    def cut_off(_: str) -> None:
        raise KeyboardInterrupt

    def never(_: str) -> None:
        raise AssertionError("it is paid")

    succeeded, lines = run(cut_off)
    assert not succeeded
    assert lines[-2] == "failed  cut off"
    assert re.fullmatch(r"left    the order: ord_\w+, pending, expires at .+", lines[-1])

    succeeded, lines = run(customer.press_pay)
    assert succeeded, lines
    assert sum(line.startswith("ok ") for line in lines) == STEPS
    assert re.fullmatch(r"left    the order: ord_\w+, paid", lines[-2])
    assert re.fullmatch(r"left    stamped: \w{22}, of test money", lines[-1])

    again, lines = run(never)
    assert again, lines
    [order] = customer.applicant.get("/v1/orders")["orders"]
    assert (len(order["stampings"]), len(order["refunds"])) == (1, 1)
