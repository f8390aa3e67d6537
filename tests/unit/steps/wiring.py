"""What each step needs, taken from the in-memory ports of one office."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.stamping.augmentation import SignatureLevel
from meterai.domain.waiting.bulk import Portions
from meterai.domain.waiting.queue_status import LoadSnapshot
from meterai.ports import TakenOut
from meterai.steps.augment import AugmentPorts
from meterai.steps.claim_refund import ClaimRefundPorts
from meterai.steps.confirm_payment import ConfirmPaymentPorts
from meterai.steps.execute_refund import ExecuteRefundPorts
from meterai.steps.order_facts import Facts
from meterai.steps.reconcile import ReconcilePorts
from meterai.steps.release_bulk import ReleaseBulkPorts
from meterai.steps.request_refund import RequestRefundPorts
from meterai.steps.request_stamping import RequestStampingPorts
from meterai.steps.stamp import StampPorts
from meterai.steps.sweep import SweepPorts
from tests.fakes.in_memory_state import InMemoryState
from tests.fakes.ports import MemoryPorts, ports_of

PROMISE = timedelta(days=1)
CLAIM = timedelta(minutes=2)
URGENT_WINDOW = timedelta(minutes=30)
PORTIONS = Portions(least_per_s=2, most_per_s=50, yields_at=timedelta(seconds=30))


@dataclass
class Wired:
    """One world, its ports, its secret: the world's clock is the office's clock."""

    state: InMemoryState = field(default_factory=InMemoryState)
    id_deriver: IdDeriver = field(default_factory=lambda: IdDeriver(b"a secret of the test office"))
    portals: Sequence[str] = ("sscasn",)
    level: SignatureLevel = SignatureLevel.B_B
    snapshot: LoadSnapshot | None = None
    took_from_bulk: list[TakenOut] = field(default_factory=list)
    ports: MemoryPorts = field(init=False)

    def __post_init__(self) -> None:
        self.ports = ports_of(self.state)

    @property
    def confirming(self) -> ConfirmPaymentPorts:
        return ConfirmPaymentPorts(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            gateway=self.ports.gateway,
            id_deriver=self.id_deriver,
            snapshot=lambda: self.snapshot,
            urgent_window=URGENT_WINDOW,
            now=self.state.now,
        )

    @property
    def requesting(self) -> RequestStampingPorts:
        return RequestStampingPorts(
            orders=self.ports.orders,
            serials=self.ports.serials,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            preflight=self.ports.preflight,
            id_deriver=self.id_deriver,
            portals=self.portals,
            promise=PROMISE,
            level=self.level,
            snapshot=self.snapshot,
            urgent_window=URGENT_WINDOW,
            now=self.state.now,
        )

    @property
    def stamping(self) -> StampPorts:
        return StampPorts(
            serials=self.ports.serials,
            documents=self.ports.documents,
            stamper=self.ports.stamper,
            lanes=self.ports.lanes,
            claim=CLAIM,
            now=self.state.now,
        )

    @property
    def feeding(self) -> ReleaseBulkPorts:
        return ReleaseBulkPorts(
            lanes=self.ports.lanes,
            snapshot=lambda: self.snapshot,
            portions=PORTIONS,
            record_batch=self.took_from_bulk.extend,
        )

    @property
    def augmenting(self) -> AugmentPorts:
        return AugmentPorts(
            serials=self.ports.serials,
            documents=self.ports.documents,
            augmenter=self.ports.augmenter,
            now=self.state.now,
        )

    @property
    def refunding(self) -> RequestRefundPorts:
        return RequestRefundPorts(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            refunds=self.ports.refunds,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            id_deriver=self.id_deriver,
            now=self.state.now,
        )

    @property
    def executing(self) -> ExecuteRefundPorts:
        return ExecuteRefundPorts(
            refunds=self.ports.refunds,
            gateways={self.ports.gateway.name: self.ports.gateway},
            payouts={self.ports.gateway.name: self.ports.payouts},
            account_cipher=self.ports.account_cipher,
            now=self.state.now,
        )

    @property
    def claiming(self) -> ClaimRefundPorts:
        return ClaimRefundPorts(
            refunds=self.ports.refunds,
            payouts={self.ports.gateway.name: self.ports.payouts},
            account_cipher=self.ports.account_cipher,
            lanes=self.ports.lanes,
            id_deriver=self.id_deriver,
            now=self.state.now,
        )

    @property
    def reconciling(self) -> ReconcilePorts:
        ports = self.ports
        return ReconcilePorts(
            facts=Facts(
                ports.orders, ports.payments, ports.serials, ports.refunds, self.id_deriver
            ),
            gateways={ports.gateway.name: ports.gateway},
            records={ports.gateway.name: ports.records},
            reports=ports.day_reports,
            lanes=ports.lanes,
            now=self.state.now,
            has_time=lambda: True,
            window=timedelta(hours=8),
        )

    @property
    def sweeping(self) -> SweepPorts:
        return SweepPorts(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            refunds=self.ports.refunds,
            order_timers=self.ports.order_timers,
            serial_timers=self.ports.serial_timers,
            refund_timers=self.ports.refund_timers,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            id_deriver=self.id_deriver,
            snapshot=self.snapshot,
            urgent_window=URGENT_WINDOW,
            now=self.state.now,
        )
