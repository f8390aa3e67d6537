"""The state that the in-memory ports share: the time, the tables, and a hook for faults.

Tests read and write the tables directly. The ports go through `port_call`, which takes the one lock
and calls the hook before and after. A hook that raises before a call simulates a call that was not
made; one that raises after it, a call whose answer was lost.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import wraps
from threading import RLock
from typing import Concatenate, Literal, ParamSpec, Protocol, TypeVar

from meterai.domain.drafts.drafts import Draft
from meterai.domain.errors import MeteraiError
from meterai.domain.id_derivation import DraftId, OrderId, RefundId
from meterai.domain.notifications.consents import Consent
from meterai.domain.notifications.mails import Mail
from meterai.domain.notifications.notifications import Notification
from meterai.domain.operators import AuditRecord
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import Method, Payment
from meterai.domain.reconciliation.day_reports import DayReport
from meterai.domain.reconciliation.performance import PublicDay
from meterai.domain.refunds.refunds import Refund
from meterai.domain.stamping.receipts import Receipt, ReceiptKey
from meterai.domain.stamping.serials import Serial
from meterai.domain.stamping.stampings import EMeterai
from meterai.domain.timers import Timer
from meterai.domain.token_keys import TokenKey
from meterai.domain.waiting.deadlines import Deadline
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import Lane, ThroughputSample
from meterai.domain.waiting.tickets import QueueTicket
from meterai.messages import Message
from tests.fakes.charges import Charge, Payout
from tests.fakes.tables import LaggingIndex, Table

Moment = Literal["before", "after"]
Hook = Callable[[Moment, str], None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A message in a lane."""

    message: Message
    group: str


@dataclass(frozen=True, slots=True)
class SentFile:
    """What a browser sent by a form, and what it said the file is called."""

    name: str
    content: bytes


def fails(call: str, error: MeteraiError) -> Hook:
    """For `InMemoryState.hook`: this port raises instead of doing its work."""

    def hook(moment: Moment, name: str) -> None:
        if (moment, name) == ("before", call):
            raise error

    return hook


def _nothing(moment: Moment, call: str) -> None:
    """The hook without faults."""


class InMemoryState:
    """Everything that the system and its outside parties store. `hook` is called with names such
    as "Orders.mark_paid"."""

    def __init__(self, now: datetime = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)) -> None:
        self.now = now
        self.index_lag = timedelta(0)
        self.hook: Hook = _nothing
        self.lock = RLock()
        self.methods_refused: set[Method] = set()  # methods that the gateway has not activated

        self.orders_by_account = LaggingIndex[OrderId, Order, tuple[str, datetime]](
            lambda order: (order.account, order.created_at), self._as_indexes_see_it
        )
        self.orders_due = LaggingIndex[OrderId, Order, datetime](_due_at, self._as_indexes_see_it)
        self.serials_due = LaggingIndex[Serial, EMeterai, datetime](
            _due_at, self._as_indexes_see_it
        )
        self.refunds_due = LaggingIndex[RefundId, Refund, datetime](
            _due_at, self._as_indexes_see_it
        )
        self.orders = Table[OrderId, Order](self.orders_by_account, self.orders_due)
        self.serials = Table[Serial, EMeterai](self.serials_due)
        self.refunds = Table[RefundId, Refund](self.refunds_due)
        self.payments = dict[tuple[str, str], Payment]()
        self.places_by_issue = LaggingIndex[str, QueueTicket, datetime](
            lambda place: place.issued_at, self._as_indexes_see_it
        )
        self.receipt_keys: tuple[ReceiptKey, ...] = ()
        self.token_keys: tuple[TokenKey, ...] = ()
        self.secrets_made = 0
        self.audit_records: list[AuditRecord] = []
        self.receipt_statements: dict[str, str] = {}
        self.receipts: set[Receipt] = set()  # issued tokens
        self.places = Table[str, QueueTicket](self.places_by_issue)
        self.tickets: set[tuple[str, str]] = set()  # issued tickets, each with its account
        self.paused_since: datetime | None = None

        self.documents: dict[tuple[str, str], bytes] = {}  # by account and declared SHA-256
        self.incoming: dict[str, SentFile | None] = {}  # by key; None: the form was not sent yet
        self.put_by_address: dict[str, bytes] = {}  # what `inspect` stored
        self.stamped: dict[Serial, bytes] = {}  # by the stamping's name
        self.augmented: dict[Serial, bytes] = {}  # by the stamping's name
        self.timestamp_servers_answer = True
        self.certificate_ends_at = datetime(9999, 1, 1, tzinfo=UTC)
        self.signed: list[Serial] = []  # each signature of the key service, in order

        self.payments_lane: deque[Letter] = deque()
        self.urgent_lane: deque[Letter] = deque()
        self.stamping_lane: deque[Letter] = deque()
        self.bulk_lane: deque[Letter] = deque()
        self.last_sent_to = self.stamping_lane  # of the tables for orders, serials and refunds
        self.bulk_taken: dict[
            str, Letter
        ] = {}  # messages received from the bulk lane and hidden, by receipt
        self.retry_after: dict[
            str, tuple[Lane, timedelta]
        ] = {}  # the delay until they are visible, by receipt
        self.refunds_lane: deque[Letter] = deque()
        self.augmentation_lane: deque[Letter] = deque()

        self.deadlines = dict[str, Deadline]()  # by portal
        self.drafts = dict[tuple[str, DraftId], Draft]()  # by account and id
        self.notifications: list[Notification] = []  # told, in order
        self.consents = dict[str, Consent]()  # by pseudonym
        self.sent_notifications = dict[str, datetime]()  # by id
        self.unproved: set[str] = set()  # accounts without an address of their own
        self.mails: list[tuple[str, Mail]] = []  # each with its address
        self.buying_is_off = False
        self.leases = dict[str, tuple[str, datetime]]()  # holder and end, by task
        self.samples = dict[tuple[datetime, str, Lane], ThroughputSample]()
        self.snapshot: LoadSnapshot | None = None

        self.charges = dict[str, Charge]()
        self.payouts = dict[str, Payout]()  # by the gateway's reference
        self.days_without_records: set[date] = set()
        self.day_reports = dict[date, DayReport]()
        self.public_days: tuple[PublicDay, ...] = ()

    def content_at(self, url: str) -> bytes | None:
        """What is stored at an address that `MemoryDocuments.locate` made, or `locate_upload`."""
        key = url.removeprefix("memory:")
        sent = self.incoming.get(key)
        account, _, sha256 = key.partition("/")
        return self.documents.get((account, sha256)) if sent is None else sent.content

    def pass_time(self, span: timedelta) -> None:
        with self.lock:
            self.now += span

    def as_it_stands(self) -> "InMemoryState":
        """For readers of the whole state."""
        return self

    def _as_indexes_see_it(self) -> tuple[datetime, datetime]:
        return self.now, self.now - self.index_lag


class _Timed(Protocol):
    @property
    def timer(self) -> Timer | None: ...


def _due_at(item: _Timed) -> datetime | None:
    return None if item.timer is None else item.timer.next_check_at


class _Port(Protocol):
    @property
    def state(self) -> InMemoryState: ...


_P = ParamSpec("_P")
_R = TypeVar("_R")
_S = TypeVar("_S", bound=_Port)


def port_call(method: Callable[Concatenate[_S, _P], _R]) -> Callable[Concatenate[_S, _P], _R]:
    """One call of a port: whole or not at all, with the hook before and after."""
    name = method.__qualname__.removeprefix("Memory")

    @wraps(method)
    def call(self: _S, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
        self.state.hook("before", name)
        try:
            with self.state.lock:
                answer = method(self, *args, **kwargs)
        except Exception:  # a refusal is an answer, and can be lost as well
            self.state.hook("after", name)
            raise
        self.state.hook("after", name)
        return answer

    return call
