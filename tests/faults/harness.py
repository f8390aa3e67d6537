"""The town around the office: a buyer who tries again, a gateway, a queue, and a watch on all."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar

from meterai.domain.errors import GatewayRefused, MeteraiError, Refusal, Unavailable
from meterai.domain.id_derivation import OrderId, RefundId
from meterai.domain.orders.orders import Order, OrderState
from meterai.domain.orders.payments import Method
from meterai.domain.refunds.payouts import BankAccount
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.stamping.verdicts import VerificationResult
from meterai.domain.waiting.admission_control import TICKET_VALIDITY, AdmissionPolicy, open_from
from meterai.domain.waiting.queue_status import LoadSnapshot
from meterai.steps.reconcile import reconcile
from tests.fakes.in_memory_state import Moment
from tests.faults.fault_injector import Accidents, Kind
from tests.faults.invariants import AFTER_QUIET, told
from tests.faults.watch import Watch
from tests.unit.steps.in_memory_app import BUDIS, BUYER, InMemoryApp
from tests.unit.steps.message_pump import Crash, MessagePump, NeverQuietError
from tests.unit.steps.snapshots import calm

T = TypeVar("T")

PORTAL = "sscasn"
PATIENCE = 5
BETWEEN_TRIES = timedelta(seconds=20)


class GaveUpError(Exception):
    """The buyer went away: the story ends here, the office's work does not."""


class WatchedOffice(InMemoryApp):
    watch: Watch

    def sweep(self) -> int:
        self.watch.sweeping = True
        try:
            return super().sweep()
        finally:
            self.watch.sweeping = False


class Town:
    """`patient`: the buyer repeats what was not answered, with the same key; else goes away."""

    def __init__(
        self,
        plan: Mapping[tuple[int, Moment], Kind] | None = None,
        *,
        patient: bool = True,
        twice: bool = False,
        meanwhile: "Callable[[Town], None] | None" = None,
        app: WatchedOffice | None = None,
        watch: type[Watch] = Watch,
    ) -> None:
        self.app = WatchedOffice() if app is None else app
        self.state = self.app.state
        self.watch = self.app.watch = watch(self.state)
        self.pump = MessagePump(self.app, twice=twice)
        self.tries = PATIENCE if patient else 1
        self.refusals: list[Refusal] = []
        self.basket = (2, Method.QRIS)
        self.ticket: str | None = None
        self.accidents = Accidents(self.watch, self.pump, {} if plan is None else plan)
        if meanwhile is not None:
            act = meanwhile
            self.accidents.meanwhile = lambda: act(self)
        self.state.hook = self.accidents

    def buy(self, quantity: int = 2, method: Method = Method.QRIS) -> Order:
        self.basket = (quantity, method)
        for _ in range(self.tries):
            order = self._answered(lambda: self.app.buy("buy", quantity, method))
            if order.instruction or order.state is not OrderState.PENDING:
                return order
            self.state.pass_time(BETWEEN_TRIES)
        raise GaveUpError

    def pause(self, until: datetime) -> None:
        """Buying is paused: whoever took a place by then may buy."""
        now = self.state.now
        self.state.paused_since = self.state.paused_since or now
        self.app.admission = replace(
            open_from(now, AdmissionPolicy()),
            is_open=False,
            watermark=until,
            over=now - TICKET_VALIDITY,
        )

    def join_waiting_room(self) -> None:
        self.ticket = self._answered(lambda: self.app.join_waiting_room(BUYER))

    def buy_if_admitted(self, key: str, method: Method = Method.QRIS) -> Order | None:
        return self._served(lambda: self.app.buy(key, method=method, ticket=self.ticket))

    def renew_receipt_key(self) -> None:
        """The schedule's part: a run that dies is followed by the next."""
        for _ in range(PATIENCE):
            try:
                self.app.renew_receipt_key()
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=1))
            else:
                return

    def receipt(self, first: EMeterai) -> str | None:
        return self._served(lambda: self.app.receipt(first.stamping, first.account))

    def cancel(self, order: Order) -> Order | None:
        return self._served(lambda: self.app.cancel(order.order_id))

    def pay(self, order: Order) -> None:
        """The money; then the gateway's notice, which it repeats until it is taken."""
        self.app.ports.gateway.settle(order.charge_id)
        self.webhook(order)

    def webhook(self, order: Order, transaction_id: str = "") -> None:
        for _ in range(PATIENCE):
            try:
                self.app.webhook(f"{order.charge_id} {transaction_id}".strip())
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=2))
            else:
                return

    def request(
        self, order: Order, count: int = 1, *, portal: str | None = None, bulk: bool = False
    ) -> EMeterai | None:
        return self._served(
            lambda: self.app.request(order.order_id, count=count, portal=portal, bulk=bulk)
        )

    def know_deadline(self, ahead: timedelta, *, honours: bool = False) -> None:
        """The portal's, from now; everybody has it in the snapshot, until that is old."""
        now = self.state.now
        honouring = frozenset({PORTAL} if honours else ())
        self.app.snapshot = LoadSnapshot(
            now, calm(now).lanes, deadlines={PORTAL: now + ahead}, honouring=honouring
        )

    def refund(self, order_id: OrderId, quantity: int = 1) -> Refund | None:
        return self._served(lambda: self.app.refund(order_id, "refund", quantity))

    def claim(
        self, refund_id: RefundId, key: str = "claim", account: BankAccount = BUDIS
    ) -> Refund | None:
        """By one link, asked for before; the same for each try."""
        token = self._served(lambda: self.app.claim_token(refund_id))
        if token is None:
            return None
        return self._served(lambda: self.app.claim(refund_id, key, token=token, account=account))

    def verify(self, document: str) -> VerificationResult | None:
        return self._served(lambda: self.app.verify(document))

    def reconcile(self) -> None:
        """The schedule's part: a run that dies is followed by the next, until the day is done."""
        for _ in range(PATIENCE):
            try:
                reconcile(replace(self.app.reconciling, window=timedelta(days=1)))
            except (MeteraiError, Crash):
                self.state.pass_time(timedelta(minutes=15))
            else:
                return

    def _served(self, ask: Callable[[], T]) -> T | None:
        """The answer, or None where it was refused, by us or by the gateway."""
        try:
            return self._answered(ask)
        except Refusal as refusal:
            self.refusals.append(refusal)
        except GatewayRefused:
            pass
        return None

    def _answered(self, ask: Callable[[], T]) -> T:
        for _ in range(self.tries):
            try:
                return ask()
            except (Unavailable, Crash):
                self.state.pass_time(BETWEEN_TRIES)
        raise GaveUpError

    def outcome(self, story: "Callable[[Town], None]") -> list[str]:
        """What is wrong once the story is over and nothing is left to do. A buyer may give up:
        what was begun is the office's own business."""
        try:
            with suppress(GaveUpError):
                story(self)
            return self.quiet()
        except Exception as error:  # noqa: BLE001 (an end in an error nobody foresaw is a finding)
            return [*self.watch.findings, f"{type(error).__name__}: {error}"]

    def quiet(self) -> list[str]:
        """What is wrong once nothing is left to do."""
        self.pump.stamping_moves = True
        self.state.timestamp_servers_answer = True
        try:
            self.pump.until_quiet()
        except NeverQuietError as restless:
            self.watch.findings.append(f"never quiet: {restless}")
        state = self.state.as_it_stands()
        for rule in AFTER_QUIET:
            self.watch.findings += told(rule, state)
        return list(dict.fromkeys(self.watch.findings))
