"""The composition root: what each step needs, made when first asked for and kept while the
function's instance lives. What is not used is neither imported nor connected to."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from meterai.domain.id_derivation import IdDeriver, RefundId
from meterai.domain.refunds.links import follow_token
from meterai.domain.waiting.admission_control import Admission, paused
from meterai.domain.waiting.queue_status import Lane, LoadSnapshot, QueuePosition
from meterai.entrypoints.poll_limiter import PollLimiter
from meterai.ports import (
    AccountCipher,
    Augmenter,
    DayReports,
    Documents,
    Gateway,
    GatewayRecords,
    Lanes,
    LoadMetrics,
    Orders,
    Payments,
    Payouts,
    PortalDeadlines,
    Preflight,
    Previewer,
    ReceiptKeys,
    ReceiptSigner,
    Refunds,
    Serials,
    Stamper,
    StampReader,
    TimerIndex,
    WaitingRoom,
    WebhookParser,
    WebhookVerifier,
)
from meterai.settings import Settings, settings

if TYPE_CHECKING:
    from meterai.gateways.registry import GatewayRegistry
    from meterai.pdf.signing.signing_keyring import KeyringSource
    from meterai.pdf.signing.timestamps import Timestamps
    from meterai.trust.fetcher import TrustFetcher


class Container:
    """All ports of the system. A test overrides one by setting the attribute of its name."""

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
    def urgent_window(self) -> timedelta:
        return timedelta(seconds=self.settings.urgent_window_s)

    @cached_property
    def claim(self) -> timedelta:
        return timedelta(seconds=self.settings.stamping_claim_s)

    @cached_property
    def id_deriver(self) -> IdDeriver:
        return IdDeriver(self._secret(self.settings.identity_secret_arn).encode())

    @cached_property
    def orders(self) -> Orders:
        from meterai.aws import clients
        from meterai.aws.orders.orders import DynamoOrders

        return DynamoOrders(clients.dynamodb(), self.settings.orders_table)

    @cached_property
    def payments(self) -> Payments:
        from meterai.aws import clients
        from meterai.aws.orders.payments import DynamoPayments

        return DynamoPayments(
            clients.dynamodb(),
            self.settings.payments_table,
            self.settings.refunds_table,
            self.settings.orders_table,
        )

    @cached_property
    def serials(self) -> Serials:
        from meterai.aws import clients
        from meterai.aws.orders.serials import DynamoSerials

        return DynamoSerials(
            clients.dynamodb(),
            self.settings.serials_table,
            self.settings.orders_table,
            self.settings.refunds_table,
        )

    @cached_property
    def refunds(self) -> Refunds:
        from meterai.aws import clients
        from meterai.aws.orders.refunds import DynamoRefunds

        return DynamoRefunds(
            clients.dynamodb(), self.settings.refunds_table, self.settings.orders_table
        )

    @cached_property
    def receipt_keys(self) -> ReceiptKeys:
        from meterai.aws import clients
        from meterai.aws.keys.receipt_keys import SecretReceiptKeys

        return SecretReceiptKeys(
            clients.secrets_manager(),
            clients.s3(),
            self.settings.receipt_keys_secret_arn,
            self.settings.documents_bucket,
        )

    @cached_property
    def receipt_signer(self) -> ReceiptSigner:
        from meterai.aws import clients
        from meterai.aws.keys.receipt_keys import KmsRootKey
        from meterai.trust.receipts import JwsReceiptSigner

        root = KmsRootKey(clients.kms(), self.settings.receipt_root_key_id)
        return JwsReceiptSigner(self.settings.public_host, root.certify, root.public_key)

    @cached_property
    def waiting_room(self) -> WaitingRoom:
        from meterai.aws import clients
        from meterai.aws.load.waiting_room import DynamoWaitingRoom

        return DynamoWaitingRoom(
            clients.dynamodb(), self.settings.waiting_room_table, self.id_deriver.pseudonym
        )

    def follow_url(self, refund_id: RefundId) -> str:
        """Where anybody may follow a refund."""
        return f"https://{self.settings.public_host}/R/{follow_token(refund_id, self.id_deriver)}"

    @cached_property
    def order_timers(self) -> TimerIndex:
        return self._timers(self.settings.orders_table, "order_id")

    @cached_property
    def serial_timers(self) -> TimerIndex:
        return self._timers(self.settings.serials_table, "serial")

    @cached_property
    def refund_timers(self) -> TimerIndex:
        return self._timers(self.settings.refunds_table, "refund_id")

    @cached_property
    def documents(self) -> Documents:
        from meterai.aws import clients
        from meterai.aws.storage.documents import S3Documents

        return S3Documents(
            clients.s3(),
            self.settings.documents_bucket,
            pseudonym=self.id_deriver.pseudonym,
            now=lambda: self.now,
            largest_bytes=self.settings.max_document_bytes,
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
            Lane.AUGMENTATION: settings.augmentation_queue_url,
        }

    @cached_property
    def gateway(self) -> Gateway:
        """The chosen one: what is bought now is paid there."""
        return self.gateways[self.settings.gateway]

    @cached_property
    def gateways(self) -> dict[str, Gateway]:
        """The chosen one first, and the former, whose payments are still given back there."""
        return self._gateway_registry.gateways()

    @cached_property
    def payouts(self) -> Mapping[str, Payouts]:
        return self._gateway_registry.payouts()

    @cached_property
    def account_cipher(self) -> AccountCipher:
        from meterai.aws import clients
        from meterai.aws.keys.account_encryption import KmsAccountCipher

        return KmsAccountCipher(clients.kms(), self.settings.account_key_id)

    @cached_property
    def records(self) -> Mapping[str, GatewayRecords]:
        from meterai.aws import clients
        from meterai.aws.storage.daily_files import S3RecordFiles

        files = S3RecordFiles(clients.s3(), self.settings.documents_bucket)
        return self._gateway_registry.records(files.lines)

    @cached_property
    def day_reports(self) -> DayReports:
        from meterai.aws import clients
        from meterai.aws.storage.daily_files import S3DayReports
        from meterai.pages.reconciliation_report import report_page

        return S3DayReports(clients.s3(), self.settings.documents_bucket, report_page)

    @cached_property
    def webhook_verifiers(self) -> Mapping[str, WebhookVerifier]:
        return self._gateway_registry.webhook_verifiers()

    @cached_property
    def webhook_parsers(self) -> Mapping[str, WebhookParser]:
        return self._gateway_registry.webhook_parsers()

    @cached_property
    def preflight(self) -> Preflight:
        from meterai.pdf.preflight.preflight import PdfPreflight

        return PdfPreflight(self.settings.portal_limit_bytes)

    @cached_property
    def previewer(self) -> Previewer:
        from meterai.pdf.preflight.preflight import PdfPreflight
        from meterai.pdf.preflight.preview import PdfPreviewer

        preflight = PdfPreflight(self.settings.portal_limit_bytes)
        return PdfPreviewer(preflight, self.settings.public_host)

    @cached_property
    def stamper(self) -> Stamper:
        from meterai.aws import clients
        from meterai.aws.keys.signing import KmsSigner
        from meterai.pdf.adapters import PdfStamper

        return PdfStamper(
            self._keyring,
            KmsSigner(clients.kms()).sign,
            self.settings.public_host,
            self._timestamps if self.settings.timestamp_urls else None,
        )

    @cached_property
    def augmenter(self) -> Augmenter:
        from meterai.pdf.adapters import PdfAugmenter

        return PdfAugmenter(self._keyring, self._timestamps, self._trust_fetcher)

    @cached_property
    def read_stamps(self) -> StampReader:
        from meterai.pdf.adapters import PdfStampReader

        return PdfStampReader(self._keyring)

    @cached_property
    def _keyring(self) -> "KeyringSource":
        from meterai.aws import clients
        from meterai.aws.keys.signing import SigningManifest
        from meterai.pdf.signing.signing_keyring import SigningKeyring

        artefact = SigningManifest(
            clients.s3(), self.settings.documents_bucket, self.settings.signing_manifest_object
        )
        parse = lru_cache(maxsize=2)(SigningKeyring.from_json)

        def id_deriver(*, anew: bool = False) -> SigningKeyring:
            return parse(artefact.read(anew=anew))

        return id_deriver

    @cached_property
    def _timestamps(self) -> "Timestamps":
        from meterai.pdf.signing.timestamps import TimestampServers

        settings = self.settings
        return TimestampServers(
            settings.timestamp_urls, self._trust_fetcher, settings.timestamp_bytes
        )

    @cached_property
    def _trust_fetcher(self) -> "TrustFetcher":
        from meterai.trust.fetcher import TrustFetcher

        return TrustFetcher()

    @cached_property
    def _gateway_registry(self) -> "GatewayRegistry":
        from meterai.gateways.registry import GatewayConfig, GatewayRegistry

        settings = self.settings
        keys: dict[str, str] = json.loads(self._secret(settings.gateway_secret_arn))
        known = [GatewayConfig(settings.gateway, settings.gateway_url, keys)]
        if settings.previous_gateway is not None:
            previous_keys = {**keys, "server_key": keys["previous_server_key"]}
            known.append(
                GatewayConfig(
                    settings.previous_gateway, settings.previous_gateway_url, previous_keys
                )
            )
        return GatewayRegistry(known, settings.payouts_url)

    @cached_property
    def load_metrics(self) -> LoadMetrics:
        from meterai.aws import clients
        from meterai.aws.load.load_metrics import DynamoLoadMetrics

        return DynamoLoadMetrics(clients.dynamodb(), self.settings.load_status_table)

    @cached_property
    def portal_deadlines(self) -> PortalDeadlines:
        from meterai.aws import clients
        from meterai.aws.load.portal_deadlines import DynamoPortalDeadlines

        settings = self.settings
        return DynamoPortalDeadlines(clients.dynamodb(), settings.portals_table, settings.portals)

    @property
    def paused(self) -> Admission | None:
        """Who may buy, while not everybody may."""
        return paused(self.snapshot, self.now)

    @property
    def snapshot(self) -> LoadSnapshot | None:
        """How long the lanes are, read once a second; None where that is not known."""
        return self._snapshot()

    def queue_position(self, lane: Lane, sent_at: datetime) -> QueuePosition | None:
        """How something stands that was sent to a lane then."""
        snapshot, now = self.snapshot, self.now
        return None if snapshot is None else snapshot.queue_position(lane, sent_at, now)

    @cached_property
    def poll_limiter(self) -> PollLimiter:
        return PollLimiter()

    @cached_property
    def _snapshot(self) -> Callable[[], LoadSnapshot | None]:
        from meterai.aws.load.load_metrics import RememberedSnapshot

        return RememberedSnapshot(self.load_metrics)

    def _pseudonym(self, account: str) -> str:
        """Asks for the identity secret only when needed: who queues a notice has no right to it."""
        return self.id_deriver.pseudonym(account)

    def _timers(self, table: str, key: str) -> TimerIndex:
        from meterai.aws import clients
        from meterai.aws.tables.timer_index import DynamoTimerIndex

        return DynamoTimerIndex(clients.dynamodb(), table, key)

    def _secret(self, arn: str) -> str:
        from meterai.aws import clients
        from meterai.aws.keys.secrets import read_secret

        return read_secret(clients.secrets_manager(), arn)


container = Container()
