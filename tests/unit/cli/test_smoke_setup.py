"""Before `smoke` buys anything: the stack, and whether its gateway is a sandbox."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import MagicMock

import boto3
import pytest
from botocore.stub import Stubber

from meterai.api import OrderAnswer, StampingAnswer
from meterai.domain.orders.payments import Method
from meterai.gateways.xendit.charges import Xendit
from meterai_cli.__main__ import main
from meterai_cli.sign_in.errors import SignInFailed
from meterai_cli.smoke import command
from meterai_cli.smoke.sandbox import MIDTRANS_SIMULATOR, NotASandbox, sandbox_of
from meterai_cli.smoke.steps import Smoke
from meterai_cli.stack import NoSuchStack, Stack
from meterai_client import Client, Problem
from tests.integration.gateways.canned_server import CannedServer
from tests.unit.client.conftest import order, stamping
from tests.xendit import XenditSimulator

ORDER = OrderAnswer.model_validate_json(order())
SECRET = "arn:aws:secretsmanager:ap-southeast-3:123456789012:secret:keys"

NO_SUCH_STACK = (
    "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code>"
    "<Message>Stack with id not-there does not exist</Message></Error></ErrorResponse>"
)


def stack(**parameters: str) -> Stack:
    return Stack("meterai-trial", {"GatewaySecretArn": SECRET}, parameters)


class Secrets:
    """Answers this key, as Secrets Manager does."""

    def __init__(self, server_key: str) -> None:
        self._keys = json.dumps({"server_key": server_key})

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 (AWS's name)
        assert SecretId == SECRET
        return {"SecretString": self._keys}


@pytest.mark.parametrize(
    ("gateway", "url", "key"),
    [
        ("midtrans", "https://api.midtrans.com", ""),
        ("midtrans", "https://api.sandbox.midtrans.com.example", ""),
        ("midtrans", "", ""),
        ("xendit", "https://api.xendit.co", "xnd_production_abc"),
        ("xendit", "https://api.xendit.co", ""),
        ("another", "https://api.sandbox.midtrans.com", "xnd_development_abc"),
    ],
)
def test_a_gateway_that_may_be_live_is_refused(gateway: str, url: str, key: str) -> None:
    with pytest.raises(NotASandbox):
        sandbox_of(stack(Gateway=gateway, GatewayUrl=url), Secrets(key), print)


def test_at_midtrans_a_person_is_asked_to_pay() -> None:
    said: list[str] = []
    at = stack(Gateway="midtrans", GatewayUrl="https://api.sandbox.midtrans.com")
    sandbox_of(at, None, said.append)(ORDER)
    assert ORDER.pay is not None
    assert f"{ORDER.pay.qr_page_url}" in said[0]
    assert MIDTRANS_SIMULATOR in said[1]


def test_at_xendit_test_mode_pays() -> None:
    key = "xnd_development_abc"
    with XenditSimulator(secret_key=key, callback_token="a token") as xendit:
        at = stack(Gateway="xendit", GatewayUrl=xendit.url)
        pay = sandbox_of(at, Secrets(key), print)
        with pytest.raises(NotASandbox, match=ORDER.order_id):
            pay(ORDER)
        charge = f"{ORDER.order_id}-1"
        gateway = Xendit(xendit.url, key)
        gateway.charge(charge, 20_000, Method.QRIS, datetime.now(UTC) + timedelta(minutes=15))
        pay(ORDER)
        paid = gateway.status(charge)
    assert paid is not None
    assert paid.settled_at is not None


def test_a_stack_is_read_as_cloudformation_describes_it() -> None:
    client: Any = boto3.client("cloudformation", region_name="ap-southeast-3")
    created = {"CreationTime": "2026-11-24T02:00:00Z", "StackStatus": "CREATE_COMPLETE"}
    described = {
        **created,
        "StackName": "meterai-trial",
        "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "https://api.example"}],
        "Parameters": [
            {"ParameterKey": "PublicHost", "ParameterValue": "meterai.example"},
            {"ParameterKey": "PublicCertificateArn", "ParameterValue": ""},
        ],
    }
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [described]})
        stub.add_client_error("describe_stacks", "ValidationError", "Stack x does not exist")
        found = Stack.read(client, "meterai-trial")
        with pytest.raises(NoSuchStack, match="Stack x does not exist"):
            Stack.read(client, "x")
    assert (found.output("ApiUrl"), found.parameter("PublicHost")) == (
        "https://api.example",
        "meterai.example",
    )
    assert found.public_url == "https://api.example"
    with pytest.raises(NoSuchStack, match="no output UserPoolId"):
        found.output("UserPoolId")


def test_behind_an_edge_only_the_public_host_answers() -> None:
    at = Stack("meterai", {"ApiUrl": "https://api.example"}, {"PublicHost": "meterai.example"})
    assert (at.api_url, at.public_url) == ("https://api.example", "https://api.example")
    certified = replace(at, parameters={**at.parameters, "PublicCertificateArn": "arn:x"})
    assert certified.api_url == "https://api.example"
    assert certified.public_url == "https://meterai.example"
    edged = replace(at, parameters={**at.parameters, "EdgeKeyHashes": "0" * 64})
    assert (edged.api_url, edged.public_url) == ("https://meterai.example",) * 2


def test_without_a_token_somebody_signs_in_or_is_told_how() -> None:
    with CannedServer((404, "")) as server:
        outputs = {"Issuer": server.url, "ApplicantClientId": "applicants"}
        at = Stack("meterai", outputs, {"SignInCallbacks": "https://pages.meterai.example/"})
        with pytest.raises(SignInFailed, match="or set METERAI_ACCESS_TOKEN"):
            command._session(at)


def test_what_is_cut_off_while_it_is_stamped_is_left_and_told() -> None:
    client, said = MagicMock(spec=Client), list[str]()
    client.buy.return_value = client.wait_until_paid.return_value = OrderAnswer.model_validate_json(
        order(state="paid")
    )
    missing = Problem(404, "document_missing", "upload it first")
    client.preflight.side_effect = [missing, MagicMock(can_be_stamped=True)]
    client.upload.return_value = "0" * 64
    client.request_stamping.return_value = StampingAnswer.model_validate_json(stamping())
    client.wait_until_stamped.side_effect = KeyboardInterrupt
    smoke = Smoke(client, MagicMock(), MagicMock(), "https://meterai.example", "a-run", said.append)
    assert not smoke.succeeds()
    left = StampingAnswer.model_validate_json(stamping()).stamping_id
    assert said[-2:] == [
        f"left    the order: {ORDER.order_id}, paid",
        f"left    a stamping: {left}, which goes on by itself",
    ]


def test_a_wrong_run_name_and_a_stack_that_is_not_there_end_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit):
        main(["smoke", "--stack", "meterai-trial", "--run", "a run"])
    assert "letters, digits" in capsys.readouterr().err
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "testing")
    with CannedServer((400, NO_SUCH_STACK)) as cloudformation:
        monkeypatch.setenv("AWS_ENDPOINT_URL", cloudformation.url)
        assert main(["smoke", "--stack", "not-there", "--region", "ap-southeast-3"]) == 1
    assert "not-there does not exist; nothing was bought" in capsys.readouterr().err
