"""Midtrans on this machine: the parts put together, started and stopped."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

from tests.midtrans.api import Api
from tests.midtrans.buyer import Buyer
from tests.midtrans.delivery import Deliveries, Delivery
from tests.midtrans.faults import Fault, FaultKind, FaultScript
from tests.midtrans.ledger import Ledger, Transaction
from tests.midtrans.merchant_calls import MerchantCalls
from tests.midtrans.notices import Notices
from tests.midtrans.server import Handler, Server

_ATTACKS = (FaultKind.FORGED_SIGNATURE, FaultKind.CHANGED_STATUS)
_TICK_S = 0.1


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MidtransSimulator:
    """A gateway at `.url` (127.0.0.1), inside `with`.

    `notice_url` may be set at any time; None sends no notices. `now` is its clock for expiry,
    settlement and refunds; `delay_factor` scales the delays between repeated notices, which run
    on real time. `bank_confirms_after` is the time from a refund to its second, final notice.
    """

    def __init__(
        self,
        *,
        server_key: str,
        notice_url: str | None = None,
        merchant_id: str = "G000000018",
        merchant_name: str = "Kantor Meterai",
        now: Callable[[], datetime] = _utc_now,
        delay_factor: float = 1.0,
        bank_confirms_after: timedelta = timedelta(seconds=1),
        senders: int = 1,
        port: int = 0,
    ) -> None:
        self.merchant_name = merchant_name
        self.faults = FaultScript()
        self._deliveries = Deliveries(notice_url, delay_factor, senders)
        self._notices = Notices(self._deliveries, self.faults, merchant_id, server_key)
        self.ledger = Ledger(now, self._notices.announce)
        self.buyer = Buyer(self.ledger, self.faults)
        handler = type("BoundHandler", (Handler,), {"simulator": self})
        self._server = Server(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self.calls = MerchantCalls(
            self.ledger,
            self.faults,
            Api(
                self.ledger,
                self.faults,
                server_key=server_key,
                merchant_id=merchant_id,
                merchant_name=merchant_name,
                base_url=self.url,
                bank_confirms_after=bank_confirms_after,
            ),
            server_key,
        )
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True),
            threading.Thread(target=self._keep_time, daemon=True),
        ]

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
    def notice_url(self) -> str | None:
        return self._deliveries.url

    @notice_url.setter
    def notice_url(self, url: str | None) -> None:
        self._deliveries.url = url

    @property
    def deliveries(self) -> list[Delivery]:
        """Every try to deliver a notice, in order."""
        return list(self._deliveries.log)

    def wait_until_quiet(self, timeout_s: float = 5.0) -> bool:
        """Lets what is due happen, then waits until every notice was delivered or given up."""
        self.ledger.tick()
        return self._deliveries.wait_until_quiet(timeout_s)

    def transaction(self, name: str) -> Transaction | None:
        """By order id (the latest), transaction id or virtual account number."""
        with self.ledger.lock:
            return self.ledger.find(name) or self.ledger.find_account(name)

    def add_fault(self, fault: Fault) -> None:
        """Adds a fault; a forged or altered notice of a charge that exists is sent at once."""
        self.faults.add(fault)
        if fault.kind in _ATTACKS and fault.order_id is not None:
            with self.ledger.lock:
                transaction = self.ledger.find(fault.order_id)
                if transaction is not None:
                    self._notices.attack(transaction)

    def pay(self, name: str) -> bool:
        """What the button "Bayar" does; False where it can no longer be paid."""
        transaction = self.transaction(name)
        return transaction is not None and self.buyer.pay(transaction)

    def _keep_time(self) -> None:
        while not self._stopped.wait(_TICK_S):
            self.ledger.tick()
