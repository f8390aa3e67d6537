"""A payment gateway's simulator on this machine, independent of its protocol.

Its ledger, buyers, faults, server and webhooks, started and stopped together.
"""

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from tests.midtrans.buyer import Buyer
from tests.midtrans.delivery import Deliveries, Delivery
from tests.midtrans.faults import Fault, FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, Transaction
from tests.midtrans.server import Handler, Server
from tests.midtrans.wire import Call, Reply

_ATTACKS = (FaultKind.FORGED_SIGNATURE, FaultKind.CHANGED_STATUS)
_TICK_S = 0.1


def utc_now() -> datetime:
    return datetime.now(UTC)


class GatewaySimulator(ABC):
    """At `.url` (127.0.0.1), inside `with`. A subclass defines its API calls and its webhooks."""

    def __init__(
        self,
        *,
        merchant_name: str,
        now: Callable[[], datetime],
        deliveries: Deliveries,
        faults: FaultScript,
        port: int,
    ) -> None:
        self.merchant_name = merchant_name
        self.faults = faults
        self._deliveries = deliveries
        self.ledger = Ledger(now, self.announce)
        self.buyer = Buyer(self.ledger, self.faults)
        handler = type("BoundHandler", (Handler,), {"simulator": self})
        self._server = Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._keep_time, daemon=True),
        ]

    @abstractmethod
    def is_call(self, path: str) -> bool:
        """Whether the path belongs to the merchant's API; otherwise it is a page for people."""

    @abstractmethod
    def answer(self, call: Call) -> Reply | None:
        """None: the connection is closed without an answer."""

    @abstractmethod
    def announce(self, transaction: Transaction) -> None:
        """Reports a change to the merchant. Called with the ledger's lock held."""

    @abstractmethod
    def attack(self, transaction: Transaction) -> None:
        """Sends forged webhooks where the faults require it."""

    def __enter__(self) -> Self:
        self._deliveries.start()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join()
        self._deliveries.stop()

    @property
    def webhook_url(self) -> str | None:
        return self._deliveries.url

    @webhook_url.setter
    def webhook_url(self, url: str | None) -> None:
        self._deliveries.url = url

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver a webhook, in order."""
        return list(self._deliveries.log)

    def wait_until_idle(self, timeout_s: float = 5.0) -> bool:
        """Lets everything due happen, then waits until every webhook was delivered or given up."""
        self.ledger.tick()
        return self._deliveries.wait_until_idle(timeout_s)

    def hurry(self) -> None:
        """Repeats now the webhooks that would be repeated after minutes or hours."""
        self._deliveries.hurry()

    def transaction(self, name: str) -> Transaction | None:
        """By order id (the latest), transaction id or virtual account number."""
        with self.ledger.lock:
            return self.ledger.find(name) or self.ledger.find_account(name)

    def add_fault(self, fault: Fault) -> None:
        """Adds a fault; a forged or altered webhook of an existing charge is sent at once."""
        self.faults.add(fault)
        if fault.kind in _ATTACKS and fault.order_id is not None:
            with self.ledger.lock:
                transaction = self.ledger.find(fault.order_id)
                if transaction is not None:
                    self.attack(transaction)

    def pay(self, name: str) -> bool:
        """The action of the button "Bayar"; False if the transaction can no longer be paid."""
        transaction = self.transaction(name)
        return transaction is not None and self.buyer.pay(transaction)

    def _keep_time(self) -> None:
        while not self._stopped.wait(_TICK_S):
            self.ledger.tick()
