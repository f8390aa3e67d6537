"""The backends of contract tests: the ports over memory, moto or ministack, and helpers."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal, Protocol
from urllib.parse import parse_qsl

import urllib3

from meterai import ports
from meterai.aws.drafts.drafts import DynamoDrafts
from meterai.aws.keys.account_encryption import KmsAccountCipher
from meterai.aws.lanes import SqsLanes
from meterai.aws.load.leases import DynamoLeases
from meterai.aws.load.load_metrics import DynamoLoadMetrics
from meterai.aws.load.portal_deadlines import DynamoPortalDeadlines
from meterai.aws.load.waiting_room import DynamoWaitingRoom
from meterai.aws.notifications.consents import DynamoConsents, DynamoSentMails
from meterai.aws.orders.orders import DynamoOrders
from meterai.aws.orders.payments import DynamoPayments
from meterai.aws.orders.refunds import DynamoRefunds
from meterai.aws.orders.serials import DynamoSerials
from meterai.aws.storage.daily_files import S3DayReports
from meterai.aws.storage.documents import S3Documents
from meterai.aws.storage.public_days import S3PublicDays
from meterai.aws.tables.timer_index import DynamoTimerIndex
from meterai.domain.orders.orders import Order
from meterai.domain.waiting import queue_status as domain
from meterai.pages.reconciliation_report import report_page
from meterai.ports.drafts import Drafts
from meterai.ports.notifications import Consents, SentMails
from tests.contract.factories import NOW, a_payment, an_order
from tests.contract.made_once import made_once
from tests.contract.tables import Tables
from tests.fakes.documents import MemoryDocuments
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import MemoryPorts, ports_of

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Lane = Literal["payments", "refunds", "urgent", "stamping", "bulk", "augmentation"]
LANES: tuple[Lane, ...] = ("payments", "refunds", "urgent", "stamping", "bulk", "augmentation")
MAX_BYTES = 1_000
PORTALS = ("sscasn", "lpdp", "bumn")


class Backend(Protocol):
    @property
    def orders(self) -> ports.Orders: ...
    @property
    def payments(self) -> ports.Payments: ...
    @property
    def serials(self) -> ports.Serials: ...
    @property
    def refunds(self) -> ports.Refunds: ...
    @property
    def account_cipher(self) -> ports.AccountCipher: ...
    @property
    def order_timers(self) -> ports.TimerIndex: ...
    @property
    def serial_timers(self) -> ports.TimerIndex: ...
    @property
    def refund_timers(self) -> ports.TimerIndex: ...
    @property
    def documents(self) -> ports.Documents: ...
    @property
    def day_reports(self) -> ports.DayReports: ...
    @property
    def public_days(self) -> ports.PublicDays: ...
    @property
    def lanes(self) -> ports.Lanes: ...
    @property
    def waiting_room(self) -> ports.WaitingRoom: ...
    @property
    def load_metrics(self) -> ports.LoadMetrics: ...
    @property
    def portal_deadlines(self) -> ports.PortalDeadlines: ...
    @property
    def leases(self) -> ports.Leases: ...
    @property
    def drafts(self) -> Drafts: ...
    @property
    def consents(self) -> Consents: ...
    @property
    def sent_mails(self) -> SentMails: ...

    def upload(self, account: str, sha256: str, content: bytes) -> None:
        """Stores a file as a client's upload would, possibly under a hash that it does not have."""
        ...

    def send(self, form: ports.Upload, name: str, content: bytes) -> str:
        """Sends a form with a file, as a browser does. Returns the upload's key, of the address to
        which storage leads the browser."""
        ...

    def bodies(self, lane: Lane) -> Sequence[str]:
        """Receives messages from a lane and returns their JSON."""
        ...


@dataclass(frozen=True)
class Clients:
    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    sqs: "SQSClient"
    kms: "KMSClient"


def pseudonym(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()[:26]


class AwsBackend:
    """The adapters over an endpoint. Tables, bucket and queues are created on first use."""

    _numbers = count(1)

    def __init__(self, clients: Clients) -> None:
        self.clients = clients
        self.prefix = f"contract-{next(self._numbers)}-"

    @made_once
    def tables(self) -> Tables:
        return Tables(self.clients.dynamodb, self.prefix)

    @made_once
    def orders(self) -> DynamoOrders:
        return DynamoOrders(self.clients.dynamodb, self.tables.orders)

    @made_once
    def payments(self) -> DynamoPayments:
        return DynamoPayments(
            self.clients.dynamodb, self.tables.payments, self.tables.refunds, self.tables.orders
        )

    @made_once
    def serials(self) -> DynamoSerials:
        return DynamoSerials(
            self.clients.dynamodb, self.tables.serials, self.tables.orders, self.tables.refunds
        )

    @made_once
    def refunds(self) -> DynamoRefunds:
        return DynamoRefunds(self.clients.dynamodb, self.tables.refunds, self.tables.orders)

    @made_once
    def account_cipher(self) -> KmsAccountCipher:
        key = self.clients.kms.create_key(Description="accounts")["KeyMetadata"]["KeyId"]
        return KmsAccountCipher(self.clients.kms, key)

    @made_once
    def order_timers(self) -> DynamoTimerIndex:
        return DynamoTimerIndex(self.clients.dynamodb, self.tables.orders, "order_id")

    @made_once
    def serial_timers(self) -> DynamoTimerIndex:
        return DynamoTimerIndex(self.clients.dynamodb, self.tables.serials, "serial")

    @made_once
    def refund_timers(self) -> DynamoTimerIndex:
        return DynamoTimerIndex(self.clients.dynamodb, self.tables.refunds, "refund_id")

    @made_once
    def waiting_room(self) -> DynamoWaitingRoom:
        return DynamoWaitingRoom(self.clients.dynamodb, self.tables.waiting_room, pseudonym)

    @made_once
    def load_metrics(self) -> DynamoLoadMetrics:
        return DynamoLoadMetrics(self.clients.dynamodb, self.tables.load_status)

    @made_once
    def portal_deadlines(self) -> DynamoPortalDeadlines:
        return DynamoPortalDeadlines(self.clients.dynamodb, self.tables.portals, PORTALS)

    @made_once
    def drafts(self) -> DynamoDrafts:
        return DynamoDrafts(self.clients.dynamodb, self.tables.drafts, pseudonym)

    @made_once
    def consents(self) -> DynamoConsents:
        return DynamoConsents(self.clients.dynamodb, self.tables.notifications)

    @made_once
    def sent_mails(self) -> DynamoSentMails:
        return DynamoSentMails(self.clients.dynamodb, self.tables.notifications)

    @made_once
    def leases(self) -> DynamoLeases:
        return DynamoLeases(self.clients.dynamodb, self.tables.load_status)

    @made_once
    def documents(self) -> S3Documents:
        bucket = f"{self.prefix}documents"
        self.clients.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
        )
        return S3Documents(self.clients.s3, bucket, pseudonym, lambda: NOW, MAX_BYTES)

    @made_once
    def day_reports(self) -> S3DayReports:
        return S3DayReports(self.clients.s3, self.documents.bucket, report_page)

    @made_once
    def public_days(self) -> S3PublicDays:
        return S3PublicDays(self.clients.s3, self.documents.bucket)

    @made_once
    def queues(self) -> dict[Lane, str]:
        return {
            lane: self.clients.sqs.create_queue(QueueName=f"{self.prefix}{lane}")["QueueUrl"]
            for lane in LANES
        }

    @made_once
    def lanes(self) -> SqsLanes:
        urls = self.queues
        return SqsLanes(
            self.clients.sqs, {domain.Lane(lane): url for lane, url in urls.items()}, pseudonym
        )

    def upload(self, account: str, sha256: str, content: bytes) -> None:
        key = f"documents/{pseudonym(account)}/{sha256}"
        self.clients.s3.put_object(Bucket=self.documents.bucket, Key=key, Body=content)

    def send(self, form: ports.Upload, name: str, content: bytes) -> str:
        """moto in this process is reached by boto3 alone. What S3 makes of a form is tested in
        `tests/integration/local/test_uploads.py`."""
        if ".amazonaws.com" in form.url:
            key, metadata = form.fields["key"], {"name": name}
            self.clients.s3.put_object(
                Bucket=self.documents.bucket, Key=key, Body=content, Metadata=metadata
            )
            return key
        file = (name, content, "application/octet-stream")
        fields: dict[str, str | tuple[str, bytes, str]] = {**form.fields, "file": file}
        answer = urllib3.request("POST", form.url, fields=[*fields.items()], redirect=False)
        assert answer.status == 303, answer.data
        address, _, query = answer.headers["Location"].partition("?")
        assert address == form.fields["success_action_redirect"]
        return dict(parse_qsl(query))["key"]

    def bodies(self, lane: Lane) -> Sequence[str]:
        received = self.clients.sqs.receive_message(
            QueueUrl=self.queues[lane], MaxNumberOfMessages=10
        )
        return [message["Body"] for message in received.get("Messages", [])]


class MemoryBackend:
    def __init__(self) -> None:
        self.state = InMemoryState(NOW)
        self.ports: MemoryPorts = ports_of(self.state)
        self.orders = self.ports.orders
        self.payments = self.ports.payments
        self.serials = self.ports.serials
        self.refunds = self.ports.refunds
        self.account_cipher = self.ports.account_cipher
        self.order_timers = self.ports.order_timers
        self.serial_timers = self.ports.serial_timers
        self.refund_timers = self.ports.refund_timers
        self.day_reports = self.ports.day_reports
        self.public_days = self.ports.public_days
        self.documents = MemoryDocuments(self.state, MAX_BYTES)
        self.lanes = self.ports.lanes
        self.waiting_room = self.ports.waiting_room
        self.load_metrics = self.ports.load_metrics
        self.portal_deadlines = self.ports.portal_deadlines
        self.leases = self.ports.leases
        self.drafts = self.ports.drafts
        self.consents = self.ports.notifications.consents
        self.sent_mails = self.ports.notifications.sent

    def upload(self, account: str, sha256: str, content: bytes) -> None:
        self.state.documents[account, sha256] = content

    def send(self, form: ports.Upload, name: str, content: bytes) -> str:
        query = self.documents.send(form, name, content).partition("?")[2]
        return dict(parse_qsl(query))["key"]

    def bodies(self, lane: Lane) -> Sequence[str]:
        letters = {
            "payments": self.state.payments_lane,
            "urgent": self.state.urgent_lane,
            "stamping": self.state.stamping_lane,
            "bulk": self.state.bulk_lane,
            "refunds": self.state.refunds_lane,
            "augmentation": self.state.augmentation_lane,
        }[lane]
        bodies = [letter.message.model_dump_json() for letter in letters]
        letters.clear()
        return bodies


def paid(backend: Backend) -> Order:
    """An order that its payment, on record too, has paid."""
    order = backend.orders.put_new(an_order())
    payment = a_payment(order)
    backend.payments.put(payment)
    found = backend.orders.mark_paid(order, payment)
    assert found is not None
    return found
