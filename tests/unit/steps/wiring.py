"""What each step needs, taken from the in-memory ports of one office."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from meterai.domain.bulk import Portions
from meterai.domain.flow import Snapshot
from meterai.domain.identity import Identities
from meterai.domain.preservation import SignatureLevel
from meterai.ports import TakenOut
from meterai.steps.claim_refund import Claiming
from meterai.steps.confirm_payment import Confirming
from meterai.steps.execute_refund import Executing
from meterai.steps.feed_bulk import Feeding
from meterai.steps.order_facts import Facts
from meterai.steps.preserve import Preserving
from meterai.steps.reconcile import Reconciling
from meterai.steps.request_refund import Refunding
from meterai.steps.request_stamping import Requesting
from meterai.steps.stamp import Stamping
from meterai.steps.sweep import Sweeping
from tests.fakes.ports import MemoryPorts, ports_of
from tests.fakes.world import World

PROMISE = timedelta(days=1)
CLAIM = timedelta(minutes=2)
URGENT_WITHIN = timedelta(minutes=30)
PORTIONS = Portions(least_per_s=2, most_per_s=50, yields_at=timedelta(seconds=30))


@dataclass
class Wired:
    """One world, its ports, its secret: the world's clock is the office's clock."""

    world: World = field(default_factory=World)
    identities: Identities = field(
        default_factory=lambda: Identities(b"a secret of the test office")
    )
    portals: Sequence[str] = ("sscasn",)
    level: SignatureLevel = SignatureLevel.B_B
    snapshot: Snapshot | None = None
    took_from_bulk: list[TakenOut] = field(default_factory=list)
    ports: MemoryPorts = field(init=False)

    def __post_init__(self) -> None:
        self.ports = ports_of(self.world)

    @property
    def confirming(self) -> Confirming:
        return Confirming(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            gateway=self.ports.gateway,
            identities=self.identities,
            snapshot=lambda: self.snapshot,
            urgent_within=URGENT_WITHIN,
            now=self.world.now,
        )

    @property
    def requesting(self) -> Requesting:
        return Requesting(
            orders=self.ports.orders,
            serials=self.ports.serials,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            examine=self.ports.examine,
            identities=self.identities,
            portals=self.portals,
            promise=PROMISE,
            level=self.level,
            snapshot=self.snapshot,
            urgent_within=URGENT_WITHIN,
            now=self.world.now,
        )

    @property
    def stamping(self) -> Stamping:
        return Stamping(
            serials=self.ports.serials,
            documents=self.ports.documents,
            stamper=self.ports.stamper,
            lanes=self.ports.lanes,
            claim=CLAIM,
            now=self.world.now,
        )

    @property
    def feeding(self) -> Feeding:
        return Feeding(
            lanes=self.ports.lanes,
            snapshot=lambda: self.snapshot,
            portions=PORTIONS,
            took=self.took_from_bulk.extend,
        )

    @property
    def preserving(self) -> Preserving:
        return Preserving(
            serials=self.ports.serials,
            documents=self.ports.documents,
            preserver=self.ports.preserver,
            now=self.world.now,
        )

    @property
    def refunding(self) -> Refunding:
        return Refunding(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            refunds=self.ports.refunds,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            identities=self.identities,
            now=self.world.now,
        )

    @property
    def executing(self) -> Executing:
        return Executing(
            refunds=self.ports.refunds,
            gateways={self.ports.gateway.name: self.ports.gateway},
            payouts={self.ports.gateway.name: self.ports.payouts},
            seal=self.ports.seal,
            now=self.world.now,
        )

    @property
    def claiming(self) -> Claiming:
        return Claiming(
            refunds=self.ports.refunds,
            payouts={self.ports.gateway.name: self.ports.payouts},
            seal=self.ports.seal,
            lanes=self.ports.lanes,
            identities=self.identities,
            now=self.world.now,
        )

    @property
    def reconciling(self) -> Reconciling:
        ports = self.ports
        return Reconciling(
            facts=Facts(
                ports.orders, ports.payments, ports.serials, ports.refunds, self.identities
            ),
            gateways={ports.gateway.name: ports.gateway},
            records={ports.gateway.name: ports.records},
            reports=ports.day_reports,
            lanes=ports.lanes,
            now=self.world.now,
            has_time=lambda: True,
            window=timedelta(hours=8),
        )

    @property
    def sweeping(self) -> Sweeping:
        return Sweeping(
            orders=self.ports.orders,
            payments=self.ports.payments,
            serials=self.ports.serials,
            refunds=self.ports.refunds,
            order_clocks=self.ports.order_clocks,
            serial_clocks=self.ports.serial_clocks,
            refund_clocks=self.ports.refund_clocks,
            documents=self.ports.documents,
            lanes=self.ports.lanes,
            identities=self.identities,
            snapshot=self.snapshot,
            urgent_within=URGENT_WITHIN,
            now=self.world.now,
        )
