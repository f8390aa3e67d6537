"""All in-memory ports over one state, by the names in the steps' Protocols."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import IdDeriver, OrderId, RefundId
from meterai.domain.metrics import Metric
from meterai.domain.orders.orders import Order
from meterai.domain.refunds.refund_promises import RefundPromises
from meterai.domain.refunds.refunds import Refund
from meterai.domain.signed_tokens import TokenSigner
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.waiting.admission_control import Admission, AdmissionPolicy
from meterai.domain.waiting.bulk import Portions
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.pdf.photo_page import photo_page
from meterai.ports import (
    FileTransfer,
    Gateway,
    GatewayRecords,
    Inspector,
    Payouts,
    PhotoPage,
    PlaceSuggester,
    Preflight,
    Previewer,
    ReceiptSigner,
    Repairer,
    ReportSigner,
    Stamper,
    TakenOut,
    WebhookParser,
    WebhookVerifier,
)
from meterai.trust.reports import JwsReportSigner
from tests.fakes.audit_trail import MemoryAuditTrail
from tests.fakes.augmenter import MemoryAugmenter
from tests.fakes.buying_switch import MemoryBuyingSwitch
from tests.fakes.documents import MemoryDocuments
from tests.fakes.drafts import MemoryDrafts
from tests.fakes.gateway import MemoryGateway
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.lanes import MemoryLanes
from tests.fakes.leases import MemoryLeases
from tests.fakes.load_metrics import MemoryLoadMetrics
from tests.fakes.notifications import MemoryNotifications
from tests.fakes.orders import MemoryOrders
from tests.fakes.payments import MemoryPayments
from tests.fakes.payouts import MemoryAccountCipher, MemoryPayouts
from tests.fakes.portal_deadlines import MemoryPortalDeadlines
from tests.fakes.receipt_keys import MemoryReceiptKeys
from tests.fakes.receipt_signer import local_receipt_signer
from tests.fakes.records import MemoryDayReports, MemoryPublicDays, MemoryRecords
from tests.fakes.refunds import MemoryRefunds
from tests.fakes.serials import MemorySerials
from tests.fakes.stamp_reader import MemoryStampReader
from tests.fakes.stamper import (
    MemoryInspector,
    MemoryPlaceSuggester,
    MemoryPreflight,
    MemoryPreviewer,
    MemoryRepairer,
    MemoryStamper,
)
from tests.fakes.timer_index import MemoryTimerIndex
from tests.fakes.token_keys import MemoryTokenKeys, signer_of
from tests.fakes.waiting_room import MemoryWaitingRoom
from tests.fakes.webhooks import parse_webhook, verify_webhook

SIGNER = local_receipt_signer("meterai.example")
REPORT_SIGNER = JwsReportSigner("meterai.example")
PRICE_IDR = 12_000
EXPIRES_IN = timedelta(minutes=15)
PROMISE = timedelta(days=1)
REFUND_PROMISE = timedelta(days=1)
PAYOUT_PROMISE = timedelta(days=3)
REFUND_PROMISES = RefundPromises(REFUND_PROMISE, PAYOUT_PROMISE)
CLAIM = timedelta(minutes=2)
URGENT_WINDOW = timedelta(minutes=30)
POLICY = AdmissionPolicy()
PORTIONS = Portions(min_per_s=2, max_per_s=50, pause_above=timedelta(seconds=30))


@dataclass
class MemoryDemand:
    """The calls of a `DemandReporter`: how many e-meterai, and whether buying was paused."""

    sales: list[tuple[int, bool]] = field(default_factory=list)
    asked: list[tuple[int, datetime, bool]] = field(default_factory=list)

    def record_sale(self, emeterai: int, now: datetime, *, rush: bool) -> None:
        del now
        self.sales.append((emeterai, rush))

    def record_asked(
        self, emeterai: int, ordered_at: datetime, now: datetime, *, rush: bool
    ) -> None:
        del now
        self.asked.append((emeterai, ordered_at, rush))


@dataclass
class MemoryBulkReporter:
    taken: list[TakenOut] = field(default_factory=list)

    def record_taken(self, taken: Sequence[TakenOut]) -> None:
        self.taken.extend(taken)


@dataclass
class MemoryCertificates:
    ends_at: datetime | None = datetime(2028, 1, 1, tzinfo=UTC)
    is_unreachable: bool = False

    def expires_at(self) -> datetime | None:
        if self.is_unreachable:
            raise Unavailable(party="s3")
        return self.ends_at


@dataclass
class MemoryMetrics:
    recorded: list[tuple[Metric, int]] = field(default_factory=list)

    def record(self, metric: Metric, value: int = 1) -> None:
        self.recorded.append((metric, value))


@dataclass
class MemoryPorts:
    """Satisfies every step's Protocol. Each port keeps its own class where tests need what the
    Protocol lacks. `gateway` and `bank` are the two that `gateways` and `payouts` list."""

    state: InMemoryState
    orders: MemoryOrders
    payments: MemoryPayments
    serials: MemorySerials
    refunds: MemoryRefunds
    order_timers: MemoryTimerIndex[OrderId, Order]
    serial_timers: MemoryTimerIndex[Serial, EMeterai]
    refund_timers: MemoryTimerIndex[RefundId, Refund]
    documents: MemoryDocuments
    lanes: MemoryLanes
    gateway: MemoryGateway
    bank: MemoryPayouts
    gateways: Mapping[str, Gateway]
    payouts: Mapping[str, Payouts]
    records: Mapping[str, GatewayRecords]
    account_cipher: MemoryAccountCipher
    stamper: Stamper
    augmenter: MemoryAugmenter
    preflight: Preflight
    stamp_reader: MemoryStampReader
    repairer: Repairer
    file_transfer: FileTransfer
    inspector: Inspector
    place_suggester: PlaceSuggester
    previewer: Previewer
    load_metrics: MemoryLoadMetrics
    waiting_room: MemoryWaitingRoom
    portal_deadlines: MemoryPortalDeadlines
    drafts: MemoryDrafts
    notifications: MemoryNotifications
    buying_switch: MemoryBuyingSwitch
    leases: MemoryLeases
    receipt_keys: MemoryReceiptKeys
    token_keys: MemoryTokenKeys
    audit_trail: MemoryAuditTrail
    day_reports: MemoryDayReports
    public_days: MemoryPublicDays
    webhook_verifiers: Mapping[str, WebhookVerifier] = field(
        default_factory=lambda: {"midtrans": verify_webhook}
    )
    webhook_parsers: Mapping[str, WebhookParser] = field(
        default_factory=lambda: {"midtrans": parse_webhook}
    )
    receipt_signer: ReceiptSigner = SIGNER
    demand_reporter: MemoryDemand = field(default_factory=MemoryDemand)
    bulk_reporter: MemoryBulkReporter = field(default_factory=MemoryBulkReporter)
    signing_certificates: MemoryCertificates = field(default_factory=MemoryCertificates)
    report_signer: ReportSigner = REPORT_SIGNER
    photo_page: PhotoPage = field(default=photo_page)
    metrics: MemoryMetrics = field(default_factory=MemoryMetrics)
    id_deriver: IdDeriver = field(default_factory=lambda: IdDeriver(b"a secret of the tests"))

    unit_price_idr: int = PRICE_IDR
    order_expires_in: timedelta = EXPIRES_IN
    stamping_promise: timedelta = PROMISE
    refund_promises: RefundPromises = REFUND_PROMISES
    claim_duration: timedelta = CLAIM
    urgent_window: timedelta = URGENT_WINDOW
    signature_level: SignatureLevel = SignatureLevel.B_B
    portals: Sequence[str] = ("sscasn",)
    max_document_bytes: int = 20_000_000
    bulk_portions: Portions = PORTIONS
    admission_policy: AdmissionPolicy = POLICY
    admission: Admission | None = None

    @property
    def token_signer(self) -> TokenSigner:
        return signer_of(self.token_keys)

    @property
    def snapshot(self) -> LoadSnapshot | None:
        """The last one; if `admission` is set, one published just now."""
        if self.admission is None:
            return self.state.snapshot
        last = self.state.snapshot or LoadSnapshot(self.state.now, {})
        return replace(last, at=self.state.now, admission=self.admission)


def ports_of(state: InMemoryState) -> MemoryPorts:
    gateway, bank = MemoryGateway(state), MemoryPayouts(state)
    return MemoryPorts(
        state=state,
        orders=MemoryOrders(state),
        payments=MemoryPayments(state),
        serials=MemorySerials(state),
        refunds=MemoryRefunds(state),
        order_timers=MemoryTimerIndex(state, state.orders, state.orders_due),
        serial_timers=MemoryTimerIndex(state, state.serials, state.serials_due),
        refund_timers=MemoryTimerIndex(state, state.refunds, state.refunds_due),
        documents=MemoryDocuments(state),
        lanes=MemoryLanes(state),
        gateway=gateway,
        bank=bank,
        gateways={gateway.name: gateway},
        payouts={gateway.name: bank},
        records={gateway.name: MemoryRecords(state)},
        account_cipher=MemoryAccountCipher(state),
        stamper=MemoryStamper(state),
        augmenter=MemoryAugmenter(state),
        preflight=MemoryPreflight(state),
        stamp_reader=MemoryStampReader(state),
        repairer=MemoryRepairer(state),
        file_transfer=MemoryDocuments(state),
        inspector=MemoryInspector(state),
        place_suggester=MemoryPlaceSuggester(state),
        previewer=MemoryPreviewer(state),
        load_metrics=MemoryLoadMetrics(state),
        waiting_room=MemoryWaitingRoom(state),
        portal_deadlines=MemoryPortalDeadlines(state),
        drafts=MemoryDrafts(state),
        notifications=MemoryNotifications(state),
        buying_switch=MemoryBuyingSwitch(state),
        leases=MemoryLeases(state),
        receipt_keys=MemoryReceiptKeys(state),
        token_keys=MemoryTokenKeys(state),
        audit_trail=MemoryAuditTrail(state),
        day_reports=MemoryDayReports(state),
        public_days=MemoryPublicDays(state),
    )
