"""The in-memory system around a script: a buyer who retries, a gateway, queues and a monitor."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from meterai.domain.errors import MeteraiError, Refusal, Unavailable
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.domain.waiting.admission_control import TICKET_VALIDITY, AdmissionPolicy, open_from
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.steps.reconcile import reconcile
from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import FaultInjector, Kind
from tests.faults.invariants import WHEN_IDLE, findings_of
from tests.faults.monitor import Monitor
from tests.unit.steps.in_memory_app import BUDIS, BUYER, InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump, NeverIdleError
from tests.unit.steps.snapshots import calm

T = TypeVar("T")

PORTAL = "sscasn"
MAX_TRIES = 5
RETRY_DELAY = timedelta(seconds=20)


class BuyerGaveUpError(Exception):
    """The buyer stops retrying: the script ends, the work in progress does not."""


class MonitoredApp(InMemoryApp):
    """Tells its monitor while the sweep runs."""

    monitor: Monitor

    def sweep(self) -> int:
        self.monitor.sweeping = True
        try:
            return super().sweep()
        finally:
            self.monitor.sweeping = False


class Harness:
    """`retries`: the buyer repeats unanswered requests, with the same key; otherwise they give
    up."""

    def __init__(
        self,
        plan: Mapping[tuple[int, Moment], Kind] | None = None,
        *,
        retries: bool = True,
        twice: bool = False,
        concurrent_action: "Callable[[Harness], None] | None" = None,
        app: MonitoredApp | None = None,
        monitor: type[Monitor] = Monitor,
    ) -> None:
        self.app = MonitoredApp() if app is None else app
        self.state = self.app.state
        self.monitor = self.app.monitor = monitor(self.state)
        self.pump = MessagePump(self.app, twice=twice)
        self.tries = MAX_TRIES if retries else 1
        self.refusals: list[Refusal] = []
        self.basket = (2, Method.QRIS)
        self.ticket: str | None = None
        self.injector = FaultInjector(self.monitor, self.pump, {} if plan is None else plan)
        if concurrent_action is not None:
            act = concurrent_action
            self.injector.concurrent_action = lambda: act(self)
        self.state.hook = self.injector

    def buy(self, quantity: int = 2, method: Method = Method.QRIS) -> Order:
        self.basket = (quantity, method)
        for _ in range(self.tries):
            order = self._answered(lambda: self.app.buy("buy", quantity, method))
            if order.instruction or order.state is not OrderState.PENDING:
                return order
            self.state.pass_time(RETRY_DELAY)
        raise BuyerGaveUpError

    def pause(self, until: datetime) -> None:
        """Buying is paused; those who joined the waiting room by `until` may buy."""
        now = self.state.now
        self.state.paused_since = self.state.paused_since or now
        self.app.ports.admission = replace(
            open_from(now, AdmissionPolicy()),
            is_open=False,
            watermark=until,
            over=now - TICKET_VALIDITY,
        )

    def join_waiting_room(self) -> None:
        self.ticket = self._answered(lambda: self.app.join_waiting_room(BUYER))

    def buy_if_admitted(self, key: str, method: Method = Method.QRIS) -> Order | None:
        return self.served(lambda: self.app.buy(key, method=method, ticket=self.ticket))

    def renew_receipt_key(self) -> None:
        """As the schedule does: a run that fails is followed by the next."""
        for _ in range(MAX_TRIES):
            try:
                self.app.renew_receipt_key()
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=1))
            else:
                return

    def receipt(self, first: EMeterai) -> str | None:
        return self.served(lambda: self.app.receipt(first.stamping, first.account))

    def cancel(self, order: Order) -> Order | None:
        return self.served(lambda: self.app.cancel(order.order_id))

    def pay(self, order: Order) -> None:
        """The charge is settled, then the gateway sends its webhook until that is accepted."""
        self.app.ports.gateway.settle(order.charge_id)
        self.webhook(order)

    def webhook(self, order: Order, transaction_id: str = "") -> None:
        for _ in range(MAX_TRIES):
            try:
                self.app.webhook(f"{order.charge_id} {transaction_id}".strip())
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=2))
            else:
                return

    def request(
        self, order: Order, count: int = 1, *, portal: str | None = None, bulk: bool = False
    ) -> EMeterai | None:
        return self.served(
            lambda: self.app.request(order.order_id, count=count, portal=portal, bulk=bulk)
        )

    def know_deadline(self, ahead: timedelta, *, honours: bool = False) -> None:
        """Puts a portal's deadline, so long from now, into the snapshot until the snapshot is
        stale."""
        now = self.state.now
        honouring = frozenset({PORTAL} if honours else ())
        self.app.state.snapshot = LoadSnapshot(
            now, calm(now).lanes, deadlines={PORTAL: now + ahead}, honouring=honouring
        )

    def refund(self, order_id: OrderId, quantity: int = 1) -> Refund | None:
        return self.served(lambda: self.app.refund(order_id, "refund", quantity))

    def claim(
        self, refund_id: RefundId, key: str = "claim", account: BankAccount = BUDIS
    ) -> Refund | None:
        """Every try uses the same link."""
        token = self.served(lambda: self.app.claim_token(refund_id))
        if token is None:
            return None
        return self.served(lambda: self.app.claim(refund_id, key, token=token, account=account))

    def verify(self, document: str) -> VerificationResult | None:
        return self.served(lambda: self.app.verify(document))

    def reconcile(self) -> None:
        """As the schedule does: runs follow each other until the day is finished."""
        for _ in range(MAX_TRIES):
            try:
                reconcile(
                    self.app.ports,
                    self.state.now,
                    has_time=lambda: True,
                    window=timedelta(days=1),
                )
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=15))
            else:
                return

    def served(self, ask: Callable[[], T]) -> T | None:
        """The result, or None where the system refused."""
        try:
            return self._answered(ask)
        except Refusal as refusal:
            self.refusals.append(refusal)
        return None

    def expect(self, ask: Callable[[], T]) -> T:
        """The result of what is not refused, unless the buyer gives up."""
        result = self.served(ask)
        if result is None:
            raise BuyerGaveUpError
        return result

    def _answered(self, ask: Callable[[], T]) -> T:
        for _ in range(self.tries):
            try:
                return ask()
            except (Unavailable, Crash):
                self.state.pass_time(RETRY_DELAY)
        raise BuyerGaveUpError

    def outcome(self, script: "Callable[[Harness], None]") -> list[str]:
        """What is wrong once the script is over and no work is left. Even if the buyer gives up,
        the work that they began must be finished."""
        try:
            with suppress(BuyerGaveUpError):
                script(self)
            return self.run_until_idle()
        except Exception as error:  # noqa: BLE001 (an unforeseen error is a finding)
            return [*self.monitor.findings, f"{type(error).__name__}: {error}"]

    def run_until_idle(self) -> list[str]:
        """What is wrong once no work is left."""
        self.pump.stamping_moves = True
        self.state.timestamp_servers_answer = True
        try:
            self.pump.until_idle()
        except NeverIdleError as unfinished:
            self.monitor.findings.append(f"never idle: {unfinished}")
        state = self.state.as_it_stands()
        for rule in WHEN_IDLE:
            self.monitor.findings += findings_of(rule, state)
        return list(dict.fromkeys(self.monitor.findings))
