"""What `inspect` is asked and handed: addresses of files, and one invocation for each question.

moto answers botocore alone here, so addresses are tried at ministack. Neither invokes functions:
the replies are those that AWS documents
(https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html).
"""

import hashlib
from dataclasses import replace
from io import BytesIO
from math import inf
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from meterai import inspection_ports
from meterai.aws import clients
from meterai.aws.inspection import InspectFunction, LambdaClient
from meterai.aws.storage.presigned_files import PresignedFiles
from meterai.aws.storage.repairs import S3Repairer
from meterai.domain.errors import (
    DocumentEncrypted,
    DocumentHashMismatch,
    DocumentMissing,
    DocumentTooLarge,
    Unavailable,
)
from meterai.domain.stamping.inspections import FileAddress, Question, RepairQuestion
from meterai.inspection_ports import InspectionPorts, stamped_within_s
from tests.contract.backends import AwsBackend

CONTENT = b"%PDF-1.7\n% surat"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def aws(ministack_backend: AwsBackend) -> AwsBackend:
    return ministack_backend


def test_the_address_of_an_upload_is_enough_to_read_it(aws: AwsBackend) -> None:
    aws.upload("sri", SHA256, CONTENT)
    assert PresignedFiles().fetch(aws.documents.locate("sri", SHA256)) == CONTENT


def test_what_was_not_uploaded_is_missing(aws: AwsBackend) -> None:
    with pytest.raises(DocumentMissing):
        PresignedFiles().fetch(aws.documents.locate("sri", SHA256))


def test_a_file_that_is_too_large_or_another_is_refused(aws: AwsBackend) -> None:
    aws.upload("sri", SHA256, CONTENT)
    file = aws.documents.locate("sri", SHA256)
    with pytest.raises(DocumentTooLarge):
        PresignedFiles().fetch(replace(file, max_bytes=len(CONTENT) - 1))
    with pytest.raises(DocumentHashMismatch):
        PresignedFiles().fetch(replace(file, sha256="0" * 64))


def test_an_address_that_nobody_answers_is_not_told_and_says_nothing_of_the_file(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = "http://127.0.0.1:9/secret"
    with pytest.raises(Unavailable) as failure:
        PresignedFiles().fetch(FileAddress(nowhere, SHA256, 100))
    told = f"{failure.value} {caplog.text}"
    assert "secret" not in told, "an address is a right to read"
    with pytest.raises(Unavailable):
        PresignedFiles().put(nowhere, CONTENT)


def test_a_repaired_document_is_read_from_where_inspect_put_it(aws: AwsBackend) -> None:
    def ask(file: FileAddress, question: Question) -> str:
        assert isinstance(question, RepairQuestion)
        mended = PresignedFiles().fetch(file) + b" mended"
        PresignedFiles().put(question.put_url, mended)
        return hashlib.sha256(mended).hexdigest()

    aws.upload("sri", SHA256, CONTENT)
    assert repairer(aws, ask)("sri", aws.documents.locate("sri", SHA256)) == CONTENT + b" mended"


def test_a_repaired_document_that_is_not_the_one_that_was_named_is_not_stamped(
    aws: AwsBackend,
) -> None:
    def ask(_: FileAddress, question: Question) -> str:
        assert isinstance(question, RepairQuestion)
        PresignedFiles().put(question.put_url, b"another")
        return SHA256

    with pytest.raises(Unavailable):
        repairer(aws, ask)("sri", aws.documents.locate("sri", SHA256))


def test_a_repaired_document_that_is_too_large_is_not_read(aws: AwsBackend) -> None:
    def ask(_: FileAddress, question: Question) -> str:
        assert isinstance(question, RepairQuestion)
        PresignedFiles().put(question.put_url, CONTENT)
        return SHA256

    file = replace(aws.documents.locate("sri", SHA256), max_bytes=len(CONTENT) - 1)
    with pytest.raises(DocumentTooLarge):
        repairer(aws, ask)("sri", file)


def repairer(aws: AwsBackend, ask: Any) -> S3Repairer:
    documents = aws.documents
    return S3Repairer(documents.client, documents.bucket, documents.pseudonym, ask)


class LambdaService:
    """Answers each invocation alike."""

    def __init__(self, payload: bytes = b"{}", **reply: str) -> None:
        self.payload, self.reply = payload, reply

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        assert (FunctionName, bool(Payload)) == ("inspect", True)
        return {"Payload": BytesIO(self.payload), **self.reply}


def refused(code: str, http_status: int) -> ClientError:
    metadata = {"HTTPStatusCode": http_status}
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": metadata}, "Invoke")  # type: ignore[typeddict-item]


THROTTLED = refused("TooManyRequestsException", 429)
URL = {"endpoint_url": "https://lambda.example"}


class Failing:
    """Raises `failure` on the first tries, then answers."""

    def __init__(self, failure: ClientError | BotoCoreError, times: int = 99) -> None:
        self.failure, self.times, self.invoked = failure, times, 0

    def invoke(self, **_: object) -> dict[str, Any]:
        self.invoked += 1
        if self.invoked <= self.times:
            raise self.failure
        return {"Payload": BytesIO(b'{"answer": "%s"}' % SHA256.encode())}


def asking(service: LambdaClient, left_s: float = 29.0) -> InspectFunction:
    return InspectFunction(lambda _: service, "inspect", lambda: left_s)


QUESTION = RepairQuestion("https://storage.example/put")
FILE = FileAddress("https://storage.example/get", SHA256, 100)


def test_an_answer_is_what_the_function_returned() -> None:
    service = LambdaService(b'{"answer": "%s"}' % SHA256.encode())
    assert asking(service)(FILE, QUESTION) == SHA256


def test_a_refusal_is_raised_here() -> None:
    service = LambdaService(b'{"refusal": "document_encrypted", "values": {}}')
    with pytest.raises(DocumentEncrypted):
        asking(service)(FILE, QUESTION)


@pytest.mark.parametrize(
    "service",
    [
        Failing(THROTTLED),
        LambdaService(b'{"errorType": "Sandbox.Timedout"}', FunctionError="Unhandled"),
        LambdaService(b'{"answer": "%s"}' % SHA256.encode(), FunctionError="Unhandled"),
        LambdaService(b"null"),
    ],
)
def test_an_invocation_that_failed_says_nothing_of_the_file(service: Any) -> None:
    with pytest.raises(Unavailable) as failure:
        asking(service)(FILE, QUESTION)
    assert failure.value.values["party"] == "inspect"


@pytest.mark.parametrize(
    "failure",
    [
        THROTTLED,
        ConnectTimeoutError(**URL),
        EndpointConnectionError(**URL),
        ConnectionClosedError(**URL),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_what_was_throttled_or_not_reached_is_invoked_once_more(failure: Any) -> None:
    assert asking(Failing(failure, 1))(FILE, QUESTION) == SHA256
    service = Failing(failure)
    with pytest.raises(Unavailable):
        asking(service)(FILE, QUESTION)
    assert service.invoked == 2


@pytest.mark.parametrize(
    "failure", [ReadTimeoutError(**URL), refused("ServiceException", 500)], ids=["slow", "broken"]
)
def test_what_may_have_taken_its_time_is_not_invoked_again(failure: Any) -> None:
    service = Failing(failure, 1)
    with pytest.raises(Unavailable):
        asking(service)(FILE, QUESTION)
    assert service.invoked == 1


@pytest.mark.parametrize(
    ("left_s", "waited_s"), [(inf, 26), (27.0, 26), (26.9, 20), (16.0, 15), (6.0, 5)]
)
def test_an_answer_is_waited_for_as_long_as_those_who_ask_may_wait(
    left_s: float, waited_s: int
) -> None:
    """A second of it may pass until there is a connection."""
    waited: list[int] = []

    def client_within(within_s: int) -> LambdaClient:
        waited.append(within_s)
        return Failing(THROTTLED, 0)

    assert InspectFunction(client_within, "inspect", lambda: left_s)(FILE, QUESTION) == SHA256
    assert waited == [waited_s]


def test_the_time_is_that_of_the_present_invocation(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []

    def client(within_s: int) -> LambdaClient:
        waited.append(within_s)
        return Failing(THROTTLED, 0)

    monkeypatch.setattr(clients, "lambda_", client)
    settings: Any = SimpleNamespace(inspect_function="inspect")
    ports = InspectionPorts(settings, str)
    for left_s in (29.0, 17.0, 12.0):
        monkeypatch.setattr(inspection_ports, "time_left", lambda left_s=left_s: left_s)
        ports.ask(FILE, QUESTION)
    assert waited == [26, 15, 10]


def test_a_repair_leaves_time_to_stamp(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[int] = []

    def client(within_s: int) -> LambdaClient:
        waited.append(within_s)
        return Failing(THROTTLED)

    storage = SimpleNamespace(generate_presigned_url=lambda *_, **__: QUESTION.put_url)
    monkeypatch.setattr(clients, "s3", lambda: storage)
    monkeypatch.setattr(clients, "lambda_", client)
    monkeypatch.setattr(inspection_ports, "time_left", lambda: stamped_within_s() + 11.5)
    settings: Any = SimpleNamespace(inspect_function="inspect", documents_bucket="documents")
    with pytest.raises(Unavailable):
        InspectionPorts(settings, str).repairer("sri", FILE)
    assert waited == [10, 10]


def test_who_can_wait_no_more_does_not_ask() -> None:
    service = Failing(THROTTLED, 0)
    with pytest.raises(Unavailable) as failure:
        asking(service, 5.9)(FILE, QUESTION)
    assert failure.value.values == {"party": "inspect", "reason": "no_time"}
    assert service.invoked == 0


def test_what_was_lost_late_is_not_invoked_again() -> None:
    service = Failing(ConnectionClosedError(**URL), 1)
    left_s = iter((29.0, 4.0))
    with pytest.raises(Unavailable):
        InspectFunction(lambda _: service, "inspect", lambda: next(left_s))(FILE, QUESTION)
    assert service.invoked == 1


def test_botocore_itself_invokes_once_and_keeps_the_connection_alive(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "ap-southeast-3")
    config = clients.lambda_.__wrapped__(5).meta.config
    assert config.read_timeout == 5
    assert config.retries["total_max_attempts"] == 1
    assert config.tcp_keepalive
