"""The composition root: what each step needs, made when it is first used and kept while the
function's instance lives. What is not used is neither imported nor connected to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from meterai import ports
from meterai.domain.id_derivation import IdDeriver, RefundId
from meterai.domain.refunds.links import follow_token
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.waiting.admission_control import AdmissionPolicy
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.entrypoints.poll_limiter import PollLimiter
from meterai.settings import Settings, settings

if TYPE_CHECKING:
    from meterai.domain.waiting.bulk import Portions
    from meterai.gateways.registry import GatewayRegistry
    from meterai.inspection_ports import InspectionPorts
    from meterai.load_ports import LoadPorts
    from meterai.notification_ports import NotificationPorts
    from meterai.order_ports import OrderPorts
    from meterai.pdf_ports import PdfPorts
    from meterai.ports.drafts import Drafts
    from meterai.ports.sign_in import SignInProvider
    from meterai.receipt_ports import ReceiptPorts
    from meterai.storage_ports import StoragePorts


class Container:
    """All ports of the system, and the values that an operator chose. Each satisfies the Protocols
    of the steps by its name."""

    def __init__(self, **overrides: object) -> None:
        """`overrides`: for tests, used instead of what would be made under that name."""
        self._overrides = _checked(overrides)
        vars(self).update(overrides)

    @contextmanager
    def overriding(self, **overrides: object) -> Iterator[None]:
        """For tests: meanwhile these are used, besides what is overridden already; everything else
        is made anew."""
        before = dict(vars(self))
        vars(self).clear()
        self._overrides = before["_overrides"] | _checked(overrides)
        vars(self).update(self._overrides)
        try:
            yield
        finally:
            vars(self).clear()
            vars(self).update(before)

    # Values

    @property
    def now(self) -> datetime:
        return self.clock()

    @cached_property
    def clock(self) -> Callable[[], datetime]:
        return lambda: datetime.now(UTC)

    @cached_property
    def settings(self) -> Settings:
        return settings()

    @property
    def unit_price_idr(self) -> int:
        return self.settings.unit_price_idr

    @property
    def order_expires_in(self) -> timedelta:
        return timedelta(seconds=self.settings.order_expires_s)

    @property
    def stamping_promise(self) -> timedelta:
        return timedelta(seconds=self.settings.stamping_promise_s)

    @cached_property
    def refund_promises(self) -> RefundPromises:
        return self.settings.refund_promises

    @property
    def claim_duration(self) -> timedelta:
        return timedelta(seconds=self.settings.stamping_claim_s)

    @property
    def urgent_window(self) -> timedelta:
        return timedelta(seconds=self.settings.urgent_window_s)

    @property
    def signature_level(self) -> SignatureLevel:
        return self.settings.signature_level

    @property
    def portals(self) -> Sequence[str]:
        return self.settings.portals

    @property
    def max_document_bytes(self) -> int:
        return self.settings.max_document_bytes

    @property
    def admission_policy(self) -> AdmissionPolicy:
        return self.settings.admission_policy

    @property
    def bulk_portions(self) -> "Portions":
        return self.settings.bulk_portions

    @cached_property
    def id_deriver(self) -> IdDeriver:
        return IdDeriver(self._secret(self.settings.identity_secret_arn).encode())

    @cached_property
    def token_signer(self) -> TokenSigner:
        keys = self.token_keys
        return TokenSigner(keys.held, keys.renew, lambda: self.now)

    @cached_property
    def token_keys(self) -> ports.TokenKeys:
        from meterai.aws import clients
        from meterai.aws.keys.token_keys import SecretTokenKeys

        return SecretTokenKeys(clients.secrets_manager(), self.settings.token_secret_arn)

    @cached_property
    def sign_in_provider(self) -> "SignInProvider":
        from meterai.sign_in_ports import sign_in_provider

        return sign_in_provider(self.settings)

    @cached_property
    def orders(self) -> ports.Orders:
        return self._tables.orders

    @cached_property
    def payments(self) -> ports.Payments:
        return self._tables.payments

    @cached_property
    def serials(self) -> ports.Serials:
        return self._tables.serials

    @cached_property
    def refunds(self) -> ports.Refunds:
        return self._tables.refunds

    @cached_property
    def receipt_keys(self) -> ports.ReceiptKeys:
        return self._receipts.receipt_keys

    @cached_property
    def receipt_signer(self) -> ports.ReceiptSigner:
        return self._receipts.receipt_signer

    @cached_property
    def report_signer(self) -> ports.ReportSigner:
        return self._receipts.report_signer

    @cached_property
    def waiting_room(self) -> ports.WaitingRoom:
        return self._load.waiting_room(self.id_deriver.pseudonym)

    @cached_property
    def drafts(self) -> "Drafts":
        return self._storage.drafts

    @cached_property
    def notifications(self) -> "NotificationPorts":
        return self._storage.notifications

    def follow_url(self, refund_id: RefundId) -> str:
        """The public address of a refund's status."""
        return f"https://{self.settings.public_host}/R/{follow_token(refund_id, self.token_signer)}"

    @cached_property
    def order_timers(self) -> ports.TimerIndex:
        return self._tables.timers(self.settings.orders_table, "order_id")

    @cached_property
    def serial_timers(self) -> ports.TimerIndex:
        return self._tables.timers(self.settings.serials_table, "serial")

    @cached_property
    def refund_timers(self) -> ports.TimerIndex:
        return self._tables.timers(self.settings.refunds_table, "refund_id")

    @cached_property
    def documents(self) -> ports.Documents:
        return self._storage.documents(lambda: self.now)

    @cached_property
    def lanes(self) -> ports.Lanes:
        from meterai.aws import clients
        from meterai.aws.lanes import SqsLanes

        return SqsLanes(clients.sqs(), self.settings.queue_urls, self._pseudonym)

    @cached_property
    def gateway(self) -> ports.Gateway:
        """The chosen one: new orders are paid there."""
        return self.gateways[self.settings.gateway]

    @cached_property
    def gateways(self) -> dict[str, ports.Gateway]:
        """The chosen one first, then the previous one, whose payments are still refunded there."""
        return self._gateway_registry.gateways()

    @cached_property
    def payouts(self) -> Mapping[str, ports.Payouts]:
        return self._gateway_registry.payouts()

    @cached_property
    def account_cipher(self) -> ports.AccountCipher:
        from meterai.aws import clients
        from meterai.aws.keys.account_encryption import KmsAccountCipher

        return KmsAccountCipher(clients.kms(), self.settings.account_key_id)

    @cached_property
    def records(self) -> Mapping[str, ports.GatewayRecords]:
        return self._gateway_registry.records(self._storage.record_files.lines)

    @cached_property
    def audit_trail(self) -> ports.AuditTrail:
        return self._storage.audit_trail

    @cached_property
    def day_reports(self) -> ports.DayReports:
        return self._storage.day_reports

    @cached_property
    def public_days(self) -> ports.PublicDays:
        return self._storage.public_days

    @cached_property
    def webhook_verifiers(self) -> Mapping[str, ports.WebhookVerifier]:
        return self._gateway_registry.webhook_verifiers()

    @cached_property
    def webhook_parsers(self) -> Mapping[str, ports.WebhookParser]:
        return self._gateway_registry.webhook_parsers()

    @cached_property
    def photo_page(self) -> ports.PhotoPage:
        return self._storage.photo_page

    @cached_property
    def preflight(self) -> ports.Preflight:
        return self._inspection.preflight

    @cached_property
    def place_suggester(self) -> ports.PlaceSuggester:
        return self._inspection.place_suggester

    @cached_property
    def previewer(self) -> ports.Previewer:
        return self._inspection.previewer

    @cached_property
    def repairer(self) -> ports.Repairer:
        return self._inspection.repairer

    @cached_property
    def file_transfer(self) -> ports.FileTransfer:
        return self._inspection.file_transfer

    @cached_property
    def inspector(self) -> ports.Inspector:
        return self._pdf.inspector

    @cached_property
    def stamper(self) -> ports.Stamper:
        return self._pdf.stamper

    @cached_property
    def augmenter(self) -> ports.Augmenter:
        return self._pdf.augmenter

    @cached_property
    def signing_certificates(self) -> ports.SigningCertificates:
        return self._pdf.signing_certificates

    @cached_property
    def stamp_reader(self) -> ports.StampReader:
        return self._pdf.stamp_reader

    @cached_property
    def _tables(self) -> "OrderPorts":
        from meterai.order_ports import OrderPorts

        return OrderPorts(self.settings)

    @cached_property
    def _storage(self) -> "StoragePorts":
        from meterai.storage_ports import StoragePorts

        return StoragePorts(self.settings, self._pseudonym)

    @cached_property
    def _inspection(self) -> "InspectionPorts":
        from meterai.inspection_ports import InspectionPorts

        return InspectionPorts(self.settings, self._pseudonym)

    @cached_property
    def _receipts(self) -> "ReceiptPorts":
        from meterai.receipt_ports import ReceiptPorts

        return ReceiptPorts(self.settings)

    @cached_property
    def _load(self) -> "LoadPorts":
        from meterai.load_ports import LoadPorts

        return LoadPorts(self.settings)

    @cached_property
    def _pdf(self) -> "PdfPorts":
        from meterai.pdf_ports import PdfPorts

        return PdfPorts(self.settings, self._inspection.ask, self.metrics)

    @cached_property
    def _gateway_registry(self) -> "GatewayRegistry":
        from meterai.gateway_ports import gateway_registry

        secret_arn = self.settings.gateway_secret_arn
        return gateway_registry(self.settings, lambda: self._secret(secret_arn))

    @cached_property
    def metrics(self) -> ports.Metrics:
        from meterai.entrypoints.metrics import EmfMetrics

        return EmfMetrics()

    @cached_property
    def load_metrics(self) -> ports.LoadMetrics:
        return self._load.load_metrics

    @cached_property
    def buying_switch(self) -> ports.BuyingSwitch:
        return self._load.buying_switch

    @cached_property
    def leases(self) -> ports.Leases:
        return self._load.leases

    @cached_property
    def portal_deadlines(self) -> ports.PortalDeadlines:
        return self._load.portal_deadlines

    @property
    def snapshot(self) -> LoadSnapshot | None:
        """How long the lanes are, read at most once a second; None where that is not known."""
        return self.read_snapshot()

    @cached_property
    def poll_limiter(self) -> PollLimiter:
        return PollLimiter()

    @cached_property
    def read_snapshot(self) -> Callable[[], LoadSnapshot | None]:
        return self._load.read_snapshot(self.load_metrics)

    @cached_property
    def demand_reporter(self) -> ports.DemandReporter:
        return self._load.demand_reporter(lambda: self.load_metrics)

    @cached_property
    def bulk_reporter(self) -> ports.BulkReporter:
        return self._load.bulk_reporter(lambda: self.load_metrics)

    def _pseudonym(self, account: str) -> str:
        """Reads the identity secret only when needed: `receive_webhook` has no right to it."""
        return self.id_deriver.pseudonym(account)

    def _secret(self, arn: str) -> str:
        from meterai.aws import clients
        from meterai.aws.keys.secrets import read_secret

        return read_secret(clients.secrets_manager(), arn)


def _checked(overrides: dict[str, object]) -> dict[str, object]:
    """A property computes its value at each use, so that an override would not be seen."""
    for name in overrides:
        if not isinstance(vars(Container).get(name), cached_property):
            raise TypeError(f"{name} is no port that can be overridden")
    return overrides


container = Container()
