"""The composition root: what each step needs, made when first asked for and kept while the
function's instance lives. What is not used is neither imported nor connected to."""

import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from meterai.domain.identity import ChargeId, Identities
from meterai.ports import (
    Clocks,
    Documents,
    Gateway,
    Lanes,
    NoticeReader,
    Orders,
    Payments,
    Preflight,
    Refunds,
    Serials,
    Stamper,
    StampReader,
)
from meterai.settings import Settings, settings

if TYPE_CHECKING:
    from meterai.pdf.identity import SigningIdentity


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
            clients.dynamodb(), self.settings.payments_table, self.settings.refunds_table
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
            pseudonym=self._pseudonym,
        )

    @cached_property
    def gateway(self) -> Gateway:
        from meterai.payments.midtrans import Midtrans

        return Midtrans(self.settings.gateway_url, self._server_key)

    @cached_property
    def read_notice(self) -> NoticeReader:
        from meterai.payments.midtrans_notice import read_notice

        def read(body: str) -> ChargeId:
            return read_notice(body, self._server_key).charge_id

        return read

    @cached_property
    def preflight(self) -> Preflight:
        from meterai.pdf.preflight import preflight

        return preflight

    @cached_property
    def stamper(self) -> Stamper:
        from meterai.aws import clients
        from meterai.aws.signing import KmsSigner
        from meterai.pdf.office import PdfStamper

        identity = self._signing_identity
        signer = KmsSigner(clients.kms(), identity.key_id)
        return PdfStamper(identity, signer.sign, self.settings.public_host)

    @cached_property
    def read_stamps(self) -> StampReader:
        from meterai.pdf.office import PdfStampReader

        return PdfStampReader(self._signing_identity)

    @cached_property
    def _signing_identity(self) -> "SigningIdentity":
        from meterai.aws import clients
        from meterai.aws.signing import signing_identity
        from meterai.pdf.identity import SigningIdentity

        return SigningIdentity.from_json(
            signing_identity(
                clients.s3(),
                self.settings.documents_bucket,
                self.settings.signing_identity_object,
            )
        )

    @cached_property
    def _server_key(self) -> str:
        return str(json.loads(self._secret(self.settings.gateway_secret_arn))["server_key"])

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
