"""What the functions logged about all customers: facts, and no secret or personal data."""

import base64
import json
from pathlib import Path

from tests.e2e.customer import Customer
from tests.local.environment import Environment
from tests.local.gateway import CALLBACK_TOKEN, SECRET_KEY, SERVER_KEY

REASON = "Surat pernyataan yang tidak boleh tercatat"


def test_no_log_contains_a_key_a_token_an_account_or_a_document(
    customer: Customer,
    customers: list[Customer],
    environment: Environment,
    environments: list[Environment],
) -> None:
    order = customer.applicant.buy(2, method="virtual_account")
    requested = customer.request(order, reason=REASON)
    customer.pay(order)
    customer.settle()
    stamped = customer.applicant.stamping(requested["stamping_id"])
    content = customer.applicant.open(stamped["download_url"]).content
    customer.applicant.verify(customer.applicant.upload(content))
    customer.applicant.refund(order["order_id"], 1)
    customer.settle()

    logs = {
        f"{environment.account.outputs['DocumentsBucketName']}/{path.name}": path.read_text()
        for environment in environments
        for path in environment.account.logs.iterdir()
    }

    facts = "".join(logs.values())
    assert f'"order_id":"{order["order_id"]}"' in facts
    assert f'"stamping_id":"{stamped["stamping_id"]}"' in facts
    private = {
        "the gateway's key": SERVER_KEY,
        "the gateway's key, as it is sent": base64.b64encode(f"{SERVER_KEY}:".encode()).decode(),
        "the other gateway's key": SECRET_KEY,
        "the other gateway's token": CALLBACK_TOKEN,
        "the secret of the identities": _secret(environment, "IdentitySecret"),
        "an account number": order["pay"]["va_number"],
        "a reason": REASON,
        "a document": "%PDF-",
        "a signed address": "X-Amz-Signature",
        "a bearer": "Bearer ",
    }
    for one in customers:
        private |= {
            f"the token of {one.username}": one.token,
            f"its signature, {one.username}": one.token.rpartition(".")[2],
            f"the account of {one.username}": one.subject,
            f"the address of {one.username}": one.username,
        }
    found = [
        (name, what) for name, log in logs.items() for what, text in private.items() if text in log
    ]
    assert found == []


def test_each_log_line_of_a_function_is_one_object_that_names_its_invocation(
    customer: Customer, environment: Environment
) -> None:
    customer.stamped(customer.paid_order())
    [stamped] = [
        line
        for line in _lines(environment.account.logs / "StampFunction.log")
        if line["message"] == "stamped"
    ][-1:]
    assert {"level", "timestamp", "service", "request_id", "stamping_id", "count"} <= set(stamped)


def _lines(log: Path) -> list[dict[str, object]]:
    """The function's own lines; the platform's (an exit) begin otherwise."""
    return [json.loads(line) for line in log.read_text().splitlines() if line.startswith("{")]


def _secret(environment: Environment, logical_id: str) -> str:
    secrets = environment.account.client("secretsmanager")
    answer = secrets.get_secret_value(SecretId=environment.account.physical(logical_id))
    return str(answer["SecretString"])
