"""The composition root: what each step needs, made when first asked for and kept while the
function's instance lives. What is not used is neither imported nor connected to."""

import json
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from meterai.domain.identity import Identities, RefundId
from meterai.domain.links import follow_token
from meterai.ports import (
    AccountSeal,
    Clocks,
    Documents,
    Examine,
    Gateway,
    Lanes,
    NoticeCheck,
    NoticeReader,
    Orders,
    Payments,
    Payouts,
    Preserver,
    Previewer,
    Refunds,
    Serials,
    Stamper,
    StampReader,
)
from meterai.settings import Settings, settings

if TYPE_CHECKING:
    from meterai.pdf.identities import IdentitySource
    from meterai.pdf.timestamps import Timestamps
    from meterai.trust.http import TrustHttp


class Office:
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

        return SqsLanes(
            clients.sqs(),
            payments_url=self.settings.payments_queue_url,
            stamping_url=self.settings.stamping_queue_url,
            refunds_url=self.settings.refunds_queue_url,
            preservation_url=self.settings.preservation_queue_url,
            pseudonym=self._pseudonym,
        )

    @cached_property
    def gateway(self) -> Gateway:
        from meterai.payments.doors import gateway_of

        return gateway_of(self.settings.gateway, self.settings.gateway_url, self._gateway_keys)

    @cached_property
    def payouts(self) -> Payouts:
        from meterai.payments.doors import payouts_of

        settings = self.settings
        return payouts_of(
            settings.gateway, settings.gateway_url, settings.payouts_url, self._gateway_keys
        )

    @cached_property
    def seal(self) -> AccountSeal:
        from meterai.aws import clients
        from meterai.aws.sealing import KmsAccountSeal

        return KmsAccountSeal(clients.kms(), self.settings.account_key_id)

    @cached_property
    def check_notice(self) -> NoticeCheck:
        from meterai.payments.doors import notice_check_of

        return notice_check_of(self.settings.gateway, self._gateway_keys)

    @cached_property
    def read_notice(self) -> NoticeReader:
        from meterai.payments.doors import notice_reader_of

        return notice_reader_of(self.settings.gateway, self._gateway_keys)

    @cached_property
    def examine(self) -> Examine:
        from meterai.pdf.examiner import PdfExaminer

        return PdfExaminer(self.settings.portal_limit_bytes)

    @cached_property
    def previewer(self) -> Previewer:
        from meterai.pdf.preview import PdfPreviewer

        return PdfPreviewer(self.settings.public_host, self.settings.portal_limit_bytes)

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
    def _gateway_keys(self) -> dict[str, str]:
        keys: dict[str, str] = json.loads(self._secret(self.settings.gateway_secret_arn))
        return keys

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
