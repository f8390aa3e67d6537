"""Where a contract test runs: the ports, and the outside hands it needs, over one kind of world."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Literal, Protocol

from meterai import ports
from meterai.aws.clocks import DynamoClocks
from meterai.aws.day_files import S3DayReports
from meterai.aws.documents import S3Documents
from meterai.aws.gauges import DynamoGauges
from meterai.aws.lanes import SqsLanes
from meterai.aws.orders import DynamoOrders
from meterai.aws.payments import DynamoPayments
from meterai.aws.portal_deadlines import DynamoPortalDeadlines
from meterai.aws.refunds import DynamoRefunds
from meterai.aws.sealing import KmsAccountSeal
from meterai.aws.serials import DynamoSerials
from meterai.aws.waiting_room import DynamoWaitingRoom
from meterai.domain import flow as domain
from meterai.report_page import report_page
from tests.contract.goods import NOW
from tests.contract.made_once import made_once
from tests.contract.tables import Tables
from tests.fakes.documents import MemoryDocuments
from tests.fakes.ports import MemoryPorts, ports_of
from tests.fakes.world import World

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient

Lane = Literal["payments", "refunds", "urgent", "stamping", "bulk", "preservation"]
LANES: tuple[Lane, ...] = ("payments", "refunds", "urgent", "stamping", "bulk", "preservation")
LARGEST_BYTES = 1_000
PORTALS = ("sscasn", "lpdp", "bumn")


class Place(Protocol):
    @property
    def orders(self) -> ports.Orders: ...
    @property
    def payments(self) -> ports.Payments: ...
    @property
    def serials(self) -> ports.Serials: ...
    @property
    def refunds(self) -> ports.Refunds: ...
    @property
    def seal(self) -> ports.AccountSeal: ...
    @property
    def order_clocks(self) -> ports.Clocks: ...
    @property
    def serial_clocks(self) -> ports.Clocks: ...
    @property
    def refund_clocks(self) -> ports.Clocks: ...
    @property
    def documents(self) -> ports.Documents: ...
    @property
    def day_reports(self) -> ports.DayReports: ...
    @property
    def lanes(self) -> ports.Lanes: ...
    @property
    def waiting_room(self) -> ports.WaitingRoom: ...
    @property
    def gauges(self) -> ports.Gauges: ...
    @property
    def portal_deadlines(self) -> ports.PortalDeadlines: ...

    def upload(self, account: str, sha256: str, content: bytes) -> None:
        """Puts a file where the client would, under a hash that it may not have."""
        ...

    def bodies(self, lane: Lane) -> Sequence[str]:
        """Takes what lies in a lane: the messages' JSON."""
        ...


@dataclass(frozen=True)
class Clients:
    dynamodb: "DynamoDBClient"
    s3: "S3Client"
    sqs: "SQSClient"
    kms: "KMSClient"


def pseudonym(account: str) -> str:
    return hashlib.sha256(account.encode()).hexdigest()[:26]


class AwsPlace:
    """The adapters over an endpoint; tables, bucket and queues are made when first used."""

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
    def seal(self) -> KmsAccountSeal:
        key = self.clients.kms.create_key(Description="accounts")["KeyMetadata"]["KeyId"]
        return KmsAccountSeal(self.clients.kms, key)

    @made_once
    def order_clocks(self) -> DynamoClocks:
        return DynamoClocks(self.clients.dynamodb, self.tables.orders, "order_id")

    @made_once
    def serial_clocks(self) -> DynamoClocks:
        return DynamoClocks(self.clients.dynamodb, self.tables.serials, "serial")

    @made_once
    def refund_clocks(self) -> DynamoClocks:
        return DynamoClocks(self.clients.dynamodb, self.tables.refunds, "refund_id")

    @made_once
    def waiting_room(self) -> DynamoWaitingRoom:
        return DynamoWaitingRoom(self.clients.dynamodb, self.tables.places, pseudonym)

    @made_once
    def gauges(self) -> DynamoGauges:
        return DynamoGauges(self.clients.dynamodb, self.tables.flow)

    @made_once
    def portal_deadlines(self) -> DynamoPortalDeadlines:
        return DynamoPortalDeadlines(self.clients.dynamodb, self.tables.portals, PORTALS)

    @made_once
    def documents(self) -> S3Documents:
        bucket = f"{self.prefix}documents"
        self.clients.s3.create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "ap-southeast-3"}
        )
        return S3Documents(self.clients.s3, bucket, pseudonym, lambda: NOW, LARGEST_BYTES)

    @made_once
    def day_reports(self) -> S3DayReports:
        return S3DayReports(self.clients.s3, self.documents.bucket, report_page)

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

    def bodies(self, lane: Lane) -> Sequence[str]:
        answer = self.clients.sqs.receive_message(
            QueueUrl=self.queues[lane], MaxNumberOfMessages=10
        )
        return [message["Body"] for message in answer.get("Messages", [])]


class MemoryPlace:
    def __init__(self) -> None:
        self.world = World(NOW)
        self.ports: MemoryPorts = ports_of(self.world)
        self.orders = self.ports.orders
        self.payments = self.ports.payments
        self.serials = self.ports.serials
        self.refunds = self.ports.refunds
        self.seal = self.ports.seal
        self.order_clocks = self.ports.order_clocks
        self.serial_clocks = self.ports.serial_clocks
        self.refund_clocks = self.ports.refund_clocks
        self.day_reports = self.ports.day_reports
        self.documents = MemoryDocuments(self.world, LARGEST_BYTES)
        self.lanes = self.ports.lanes
        self.waiting_room = self.ports.waiting_room
        self.gauges = self.ports.gauges
        self.portal_deadlines = self.ports.portal_deadlines

    def upload(self, account: str, sha256: str, content: bytes) -> None:
        self.world.documents[account, sha256] = content

    def bodies(self, lane: Lane) -> Sequence[str]:
        letters = {
            "payments": self.world.payments_lane,
            "urgent": self.world.urgent_lane,
            "stamping": self.world.stamping_lane,
            "bulk": self.world.bulk_lane,
            "refunds": self.world.refunds_lane,
            "preservation": self.world.preservation_lane,
        }[lane]
        bodies = [letter.message.model_dump_json() for letter in letters]
        letters.clear()
        return bodies
