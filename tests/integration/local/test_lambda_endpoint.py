"""One function invokes another at the local account, as boto3 does at Lambda."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from meterai.aws.clients import INSPECT_WITHIN_S
from tests.local.functions import Functions, ThrottledError
from tests.local.instances import Outcome
from tests.local.lambda_endpoint import LambdaEndpoint
from tests.local.loopback import LoopbackServer
from tests.local.used_rights import Right


class OneFunction:
    """Answers with its event, and fails or is throttled when the event says so."""

    def __iter__(self) -> Iterator[Any]:
        spec = SimpleNamespace(name="stack-inspect", logical_id="InspectFunction")
        yield SimpleNamespace(spec=spec)

    def invoke(self, logical_id: str, event: bytes, *, throttle: bool, within_s: float) -> Outcome:
        assert logical_id == "InspectFunction"
        assert within_s <= max(INSPECT_WITHIN_S)
        if throttle and b"busy" in event:
            raise ThrottledError(logical_id)
        return Outcome("1", event, "Sandbox.Timedout" if b"fail" in event else None)


@pytest.fixture
def endpoint() -> Iterator[tuple[LambdaEndpoint, Any]]:
    server = LoopbackServer()
    made = LambdaEndpoint(cast("Functions", OneFunction()))
    server.start(made)
    yield (
        made,
        boto3.client(
            "lambda",
            endpoint_url=server.url,
            region_name="ap-southeast-3",
            aws_access_key_id="PreviewFunction",
            aws_secret_access_key="testing",
            config=Config(retries={"total_max_attempts": 1}),
        ),
    )
    server.stop()


def test_an_answer_and_the_right_that_it_needed_are_there(
    endpoint: tuple[LambdaEndpoint, Any],
) -> None:
    made, client = endpoint
    reply = client.invoke(FunctionName="stack-inspect", Payload=b'{"a": 1}')
    assert (reply["Payload"].read(), "FunctionError" in reply) == (b'{"a": 1}', False)
    assert made.used == {Right("PreviewFunction", "lambda:InvokeFunction", "stack-inspect")}


def test_a_function_that_failed_is_told_as_such(endpoint: tuple[LambdaEndpoint, Any]) -> None:
    _, client = endpoint
    reply = client.invoke(FunctionName="stack-inspect", Payload=b'"fail"')
    assert reply["FunctionError"] == "Unhandled"


def test_a_function_that_is_busy_is_throttled(endpoint: tuple[LambdaEndpoint, Any]) -> None:
    _, client = endpoint
    with pytest.raises(client.exceptions.TooManyRequestsException):
        client.invoke(FunctionName="stack-inspect", Payload=b'"busy"')


def test_what_it_cannot_do_is_refused(endpoint: tuple[LambdaEndpoint, Any]) -> None:
    _, client = endpoint
    with pytest.raises(ClientError, match="Function not found"):
        client.invoke(FunctionName="another", Payload=b"{}")
    with pytest.raises(ClientError, match="only synchronous"):
        client.invoke(FunctionName="stack-inspect", InvocationType="Event", Payload=b"{}")
