"""The Midtrans simulator, put together from its parts."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal

from tests.midtrans.api import Api
from tests.midtrans.delivery import Deliveries
from tests.midtrans.export import export
from tests.midtrans.faults import FaultScript
from tests.midtrans.gateway import GatewaySimulator, utc_now
from tests.midtrans.ledger import Transaction
from tests.midtrans.merchant_calls import MerchantCalls
from tests.midtrans.payouts import Payouts
from tests.midtrans.webhooks import Webhooks
from tests.midtrans.wire import Call, Reply


class MidtransSimulator(GatewaySimulator):
    """A gateway at `.url` (127.0.0.1), inside `with`.

    `webhook_url` may be set at any time; None sends no webhooks. `now` is its clock for expiry,
    settlement and refunds. `delay_factor` scales the delays between repeated webhooks, which run in
    real time. `bank_confirms_after` is the time from a direct refund to its second, final webhook,
    and from a payout's release to its arrival. `fee_percent` of each payment is imposed on its
    buyer.
    """

    def __init__(
        self,
        *,
        server_key: str,
        webhook_url: str | None = None,
        merchant_id: str = "G000000018",
        merchant_name: str = "Kantor Meterai",
        now: Callable[[], datetime] = utc_now,
        delay_factor: float = 1.0,
        bank_confirms_after: timedelta = timedelta(seconds=1),
        fee_percent: Decimal = Decimal(0),
        creator_key: str = "IRIS-creator-local",
        approver_key: str = "IRIS-approver-local",
        senders: int = 1,
        port: int = 0,
    ) -> None:
        faults = FaultScript()
        deliveries = Deliveries(webhook_url, delay_factor, senders)
        self._webhooks = Webhooks(deliveries, faults, merchant_id, server_key)
        super().__init__(
            merchant_name=merchant_name, now=now, deliveries=deliveries, faults=faults, port=port
        )
        self.calls = MerchantCalls(
            self.ledger,
            faults,
            Api(
                self.ledger,
                faults,
                server_key=server_key,
                merchant_id=merchant_id,
                merchant_name=merchant_name,
                base_url=self.url,
                bank_confirms_after=bank_confirms_after,
                fee_percent=fee_percent,
            ),
            server_key,
        )
        self.payouts = Payouts(
            now,
            faults,
            creator_key=creator_key,
            approver_key=approver_key,
            bank_takes=bank_confirms_after,
        )

    def export(self, day: date) -> str:
        """The dashboard's export of a day's transactions."""
        return export(self.ledger, day)

    def is_call(self, path: str) -> bool:
        return self.calls.is_call(path) or self.payouts.is_call(path)

    def answer(self, call: Call) -> Reply | None:
        return (self.payouts if self.payouts.is_call(call.path) else self.calls).answer(call)

    def announce(self, transaction: Transaction) -> None:
        self._webhooks.announce(transaction)

    def attack(self, transaction: Transaction) -> None:
        self._webhooks.attack(transaction)
