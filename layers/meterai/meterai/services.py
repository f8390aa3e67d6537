"""The composition root: what each step needs, made when first asked for and kept while the
function's instance lives. What is not used is neither imported nor connected to."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from meterai.domain.flow import Lane
from meterai.domain.identity import Identities, RefundId
from meterai.domain.links import follow_token
from meterai.ports import (
    AccountSeal,
    Clocks,
    DayReports,
    Documents,
    Examine,
    Gateway,
    GatewayRecords,
    Lanes,
    NoticeCheck,
    NoticeReader,
    Orders,
    Payments,
    Payouts,
    Preserver,
    Previewer,
    ReceiptKeys,
    ReceiptSeal,
    Refunds,
    Serials,
    Stamper,
    StampReader,
    WaitingRoom,
)
from meterai.settings import Settings, settings
from meterai.waiting_desk import WaitingDesk

if TYPE_CHECKING:
    from meterai.payments.doors import PaymentDoors
    from meterai.pdf.identities import IdentitySource
    from meterai.pdf.timestamps import Timestamps
    from meterai.trust.http import TrustHttp


class Office(WaitingDesk):
    """The stamp office, joined together."""

    @property
    def now(self) -> datetime:
        return datetime.now(UTC)

    @cached_property
    def settings(self) -> Settings:
        return settings()

    @cached_property
    def order_expires_in(self) -> timedelta:
        return timedelta(seconds=self.settings.order_expires_s)

    @cached_property
    def promise(self) -> timedelta:
        return timedelta(seconds=self.settings.stamping_promise_s)

    @cached_property
    def urgent_within(self) -> timedelta:
        return timedelta(seconds=self.settings.urgent_within_s)

    @cached_property
    def claim(self) -> timedelta:
        return timedelta(seconds=self.settings.stamping_claim_s)

    @cached_property
    def identities(self) -> Identities:
        return Identities(self._secret(self.settings.identity_secret_arn).encode())

    @cached_property
    def orders(self) -> Orders:
        from meterai.aws import clients
        from meterai.aws.orders import DynamoOrders

        return DynamoOrders(clients.dynamodb(), self.settings.orders_table)

    @cached_property
    def payments(self) -> Payments:
        from meterai.aws import clients
        from meterai.aws.payments import DynamoPayments

        return DynamoPayments(
            clients.dynamodb(),
            self.settings.payments_table,
            self.settings.refunds_table,
            self.settings.orders_table,
        )

    @cached_property
    def serials(self) -> Serials:
        from meterai.aws import clients
        from meterai.aws.serials import DynamoSerials

        return DynamoSerials(
            clients.dynamodb(),
            self.settings.serials_table,
            self.settings.orders_table,
            self.settings.refunds_table,
        )

    @cached_property
    def refunds(self) -> Refunds:
        from meterai.aws import clients
        from meterai.aws.refunds import DynamoRefunds

        return DynamoRefunds(
            clients.dynamodb(), self.settings.refunds_table, self.settings.orders_table
        )

    @cached_property
    def receipt_keys(self) -> ReceiptKeys:
        from meterai.aws import clients
        from meterai.aws.receipt_keys import SecretReceiptKeys

        return SecretReceiptKeys(
            clients.secrets_manager(),
            clients.s3(),
            self.settings.receipt_keys_secret_arn,
            self.settings.documents_bucket,
        )

    @cached_property
    def receipt_seal(self) -> ReceiptSeal:
        from meterai.aws import clients
        from meterai.aws.receipt_keys import KmsRootKey
        from meterai.trust.receipts import JwsReceipts

        root = KmsRootKey(clients.kms(), self.settings.receipt_root_key_id)
        return JwsReceipts(self.settings.public_host, root.certify, root.public_key)

    @cached_property
    def waiting_room(self) -> WaitingRoom:
        from meterai.aws import clients
        from meterai.aws.waiting_room import DynamoWaitingRoom

        return DynamoWaitingRoom(
            clients.dynamodb(), self.settings.places_table, self.identities.pseudonym
        )

    def follow_url(self, refund_id: RefundId) -> str:
        """Where anybody may follow a refund."""
        return f"https://{self.settings.public_host}/R/{follow_token(refund_id, self.identities)}"

    @cached_property
    def order_clocks(self) -> Clocks:
        return self._clocks(self.settings.orders_table, "order_id")

    @cached_property
    def serial_clocks(self) -> Clocks:
        return self._clocks(self.settings.serials_table, "serial")

    @cached_property
    def refund_clocks(self) -> Clocks:
        return self._clocks(self.settings.refunds_table, "refund_id")

    @cached_property
    def documents(self) -> Documents:
        from meterai.aws import clients
        from meterai.aws.documents import S3Documents

        return S3Documents(
            clients.s3(),
            self.settings.documents_bucket,
            pseudonym=self.identities.pseudonym,
            now=lambda: self.now,
            largest_bytes=self.settings.largest_document_bytes,
        )

    @cached_property
    def lanes(self) -> Lanes:
        from meterai.aws import clients
        from meterai.aws.lanes import SqsLanes

        return SqsLanes(clients.sqs(), self._queue_urls, self._pseudonym)

    def lane_of(self, queue_arn: str) -> Lane:
        """Whose queue a message came from. An ARN and an address both end with the queue's name."""
        return self._lanes_by_queue_name[queue_arn.rpartition(":")[2]]

    @cached_property
    def _lanes_by_queue_name(self) -> dict[str, Lane]:
        return {url.rpartition("/")[2]: lane for lane, url in self._queue_urls.items()}

    @cached_property
    def _queue_urls(self) -> dict[Lane, str]:
        settings = self.settings
        return {
            Lane.PAYMENTS: settings.payments_queue_url,
            Lane.REFUNDS: settings.refunds_queue_url,
            Lane.URGENT: settings.urgent_stamping_queue_url,
            Lane.STAMPING: settings.stamping_queue_url,
            Lane.BULK: settings.bulk_queue_url,
            Lane.PRESERVATION: settings.preservation_queue_url,
        }

    @cached_property
    def gateway(self) -> Gateway:
        """The chosen one: what is bought now is paid there."""
        return self.gateways[self.settings.gateway]

    @cached_property
    def gateways(self) -> dict[str, Gateway]:
        """The chosen one first, and the former, whose payments are still given back there."""
        return self._payment_doors.gateways()

    @cached_property
    def payouts(self) -> Mapping[str, Payouts]:
        return self._payment_doors.payouts()

    @cached_property
    def seal(self) -> AccountSeal:
        from meterai.aws import clients
        from meterai.aws.sealing import KmsAccountSeal

        return KmsAccountSeal(clients.kms(), self.settings.account_key_id)

    @cached_property
    def records(self) -> Mapping[str, GatewayRecords]:
        from meterai.aws import clients
        from meterai.aws.day_files import S3RecordFiles

        files = S3RecordFiles(clients.s3(), self.settings.documents_bucket)
        return self._payment_doors.records(files.lines)

    @cached_property
    def day_reports(self) -> DayReports:
        from meterai.aws import clients
        from meterai.aws.day_files import S3DayReports
        from meterai.report_page import report_page

        return S3DayReports(clients.s3(), self.settings.documents_bucket, report_page)

    @cached_property
    def notice_checks(self) -> Mapping[str, NoticeCheck]:
        return self._payment_doors.notice_checks()

    @cached_property
    def notice_readers(self) -> Mapping[str, NoticeReader]:
        return self._payment_doors.notice_readers()

    @cached_property
    def examine(self) -> Examine:
        from meterai.pdf.examiner import PdfExaminer

        return PdfExaminer(self.settings.portal_limit_bytes)

    @cached_property
    def previewer(self) -> Previewer:
        from meterai.pdf.examiner import PdfExaminer
        from meterai.pdf.preview import PdfPreviewer

        examiner = PdfExaminer(self.settings.portal_limit_bytes)
        return PdfPreviewer(examiner, self.settings.public_host)

    @cached_property
    def stamper(self) -> Stamper:
        from meterai.aws import clients
        from meterai.aws.signing import KmsSigner
        from meterai.pdf.office import PdfStamper

        return PdfStamper(
            self._identities,
            KmsSigner(clients.kms()).sign,
            self.settings.public_host,
            self._timestamps if self.settings.timestamp_urls else None,
        )

    @cached_property
    def preserver(self) -> Preserver:
        from meterai.pdf.office import PdfPreserver

        return PdfPreserver(self._identities, self._timestamps, self._trust_http)

    @cached_property
    def read_stamps(self) -> StampReader:
        from meterai.pdf.office import PdfStampReader

        return PdfStampReader(self._identities)

    @cached_property
    def _identities(self) -> "IdentitySource":
        from meterai.aws import clients
        from meterai.aws.signing import SigningArtefact
        from meterai.pdf.identities import SigningIdentities

        artefact = SigningArtefact(
            clients.s3(), self.settings.documents_bucket, self.settings.signing_identity_object
        )
        parse = lru_cache(maxsize=2)(SigningIdentities.from_json)

        def identities(*, anew: bool = False) -> SigningIdentities:
            return parse(artefact.read(anew=anew))

        return identities

    @cached_property
    def _timestamps(self) -> "Timestamps":
        from meterai.pdf.timestamps import TimestampServers

        settings = self.settings
        return TimestampServers(settings.timestamp_urls, self._trust_http, settings.timestamp_bytes)

    @cached_property
    def _trust_http(self) -> "TrustHttp":
        from meterai.trust.http import TrustHttp

        return TrustHttp()

    @cached_property
    def _payment_doors(self) -> "PaymentDoors":
        from meterai.payments.doors import Known, PaymentDoors

        settings = self.settings
        keys: dict[str, str] = json.loads(self._secret(settings.gateway_secret_arn))
        known = [Known(settings.gateway, settings.gateway_url, keys)]
        if settings.former_gateway is not None:
            former_keys = {**keys, "server_key": keys["former_server_key"]}
            known.append(Known(settings.former_gateway, settings.former_gateway_url, former_keys))
        return PaymentDoors(known, settings.payouts_url)

    def _pseudonym(self, account: str) -> str:
        """Asks for the identity secret only when needed: who queues a notice has no right to it."""
        return self.identities.pseudonym(account)

    def _clocks(self, table: str, key: str) -> Clocks:
        from meterai.aws import clients
        from meterai.aws.clocks import DynamoClocks

        return DynamoClocks(clients.dynamodb(), table, key)

    def _secret(self, arn: str) -> str:
        from meterai.aws import clients
        from meterai.aws.secrets import read_secret

        return read_secret(clients.secrets_manager(), arn)


office = Office()
