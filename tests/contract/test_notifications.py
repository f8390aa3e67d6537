"""Consents and what was sent: in memory, and in DynamoDB as it is."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from threading import Barrier
from time import sleep

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from meterai.aws import clients
from meterai.aws.notifications.consents import SENT_KEPT
from meterai.aws.notifications.queue import tell
from meterai.aws.orders.refund_items import refund_from, refund_item
from meterai.aws.orders.serial_items import serial_from, serial_item
from meterai.domain.notifications.consents import CONSENT_LASTS, Consent
from meterai.domain.notifications.notifications import order_paid
from meterai.notification_message import SendNotification
from meterai.notification_ports import NotificationPorts
from tests.contract.backends import AwsBackend, Backend
from tests.contract.factories import MINUTE, NOW, a_refund, a_stamping, an_order
from tests.unit.functions.function_app import SETTINGS

NAME = "abcdefghijklmnopqrstuvwxyz"


def test_a_consent_is_given_again_and_withdrawn(backend: Backend) -> None:
    assert backend.consents.get(NAME) is None
    for consent in (Consent("id", NOW), Consent("en", NOW + MINUTE)):
        backend.consents.put(NAME, consent)
        assert backend.consents.get(NAME) == consent
    assert backend.consents.get(NAME[::-1]) is None
    for _ in range(2):
        backend.consents.delete(NAME)
    assert backend.consents.get(NAME) is None


def test_what_was_sent_is_remembered(backend: Backend) -> None:
    assert not backend.sent_mails.has("order_paid#1")
    for _ in range(2):
        backend.sent_mails.add("order_paid#1", NOW)
    assert backend.sent_mails.has("order_paid#1")
    assert not backend.sent_mails.has("order_paid#2")


def test_items_have_no_address_and_an_end(moto_backend: AwsBackend) -> None:
    moto_backend.consents.put(NAME, Consent("id", NOW))
    moto_backend.sent_mails.add("order_paid#1", NOW)
    items = moto_backend.clients.dynamodb.scan(TableName=moto_backend.tables.notifications)["Items"]
    assert {item["id"]["S"]: (set(item), int(item["expires_at"]["N"])) for item in items} == {
        f"consent#{NAME}": (
            {"id", "language", "given_at", "expires_at", "v"},
            int((NOW + CONSENT_LASTS).timestamp()),
        ),
        "sent#order_paid#1": ({"id", "expires_at", "v"}, int((NOW + SENT_KEPT).timestamp())),
    }


def test_who_wants_to_be_told_is_kept_with_the_order(backend: Backend) -> None:
    order = backend.orders.put_new(replace(an_order(), notify=True))
    assert backend.orders.get(order.order_id) == order


def test_it_is_in_the_items_of_refunds_and_e_meterai_too() -> None:
    refund, (emeterai,) = a_refund(an_order()), a_stamping(an_order(), 0)
    for notify in (True, False):
        assert refund_from(refund_item(replace(refund, notify=notify))).notify is notify
        assert serial_from(serial_item(replace(emeterai, notify=notify))).notify is notify


def test_telling_is_one_message(moto_backend: AwsBackend) -> None:
    notification = order_paid(an_order())
    url = moto_backend.clients.sqs.create_queue(QueueName="notifications")["QueueUrl"]
    tell(notification, moto_backend.clients.sqs, url)
    (message,) = moto_backend.clients.sqs.receive_message(QueueUrl=url)["Messages"]
    assert SendNotification.model_validate_json(message["Body"]).notification == notification


class NoQueue:
    """SQS refuses, or does not answer."""

    def __init__(self, failure: Exception) -> None:
        self.failure = failure

    def send_message(self, **_: str) -> None:
        raise self.failure


@pytest.mark.parametrize(
    "failure",
    [
        EndpointConnectionError(endpoint_url="https://sqs.example"),
        ClientError({"Error": {"Code": "AccessDenied"}}, "SendMessage"),
    ],
)
def test_a_queue_that_fails_stops_nobody(
    failure: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    tell(order_paid(an_order()), NoQueue(failure), "url")  # type: ignore[arg-type]
    assert "nobody is told" in caplog.text


class OpenQueue:
    def __init__(self) -> None:
        self.bodies: list[str] = []

    def send_message(self, *, MessageBody: str, **_: str) -> None:  # noqa: N803 (boto3's name)
        self.bodies.append(MessageBody)


def test_the_threads_of_a_batch_make_one_client(monkeypatch: pytest.MonkeyPatch) -> None:
    """boto3 fails, now and then, where two threads make clients at once."""
    made: list[OpenQueue] = []

    @cache
    def make() -> OpenQueue:
        made.append(OpenQueue())
        sleep(0.05)
        return made[-1]

    monkeypatch.setattr(clients, "sqs_once", make)
    ports, start = NotificationPorts(SETTINGS), Barrier(10)

    def stamped(_: int) -> None:
        start.wait()
        ports.tell(order_paid(an_order()))

    with ThreadPoolExecutor(10) as threads:
        list(threads.map(stamped, range(10)))
    assert [len(one.bodies) for one in made] == [10]
