"""The Xendit simulator, put together from its parts."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tests.midtrans.delivery import Deliveries
from tests.midtrans.faults import FaultScript
from tests.midtrans.gateway import GatewaySimulator, utc_now
from tests.midtrans.ledger import Transaction
from tests.midtrans.wire import Call, Reply
from tests.xendit.api import Api
from tests.xendit.calls import Calls
from tests.xendit.payouts import Payouts
from tests.xendit.refunds import Refunds
from tests.xendit.webhooks import RETRY_SCHEDULE, Webhooks


class XenditSimulator(GatewaySimulator):
    """A gateway at `.url` (127.0.0.1), inside `with`; its settings are those of
    MidtransSimulator."""

    def __init__(
        self,
        *,
        secret_key: str,
        callback_token: str,
        webhook_url: str | None = None,
        merchant_name: str = "Kantor Meterai",
        now: Callable[[], datetime] = utc_now,
        delay_factor: float = 1.0,
        bank_confirms_after: timedelta = timedelta(seconds=1),
        port: int = 0,
    ) -> None:
        faults = FaultScript()
        deliveries = Deliveries(webhook_url, delay_factor, repeat_policy=RETRY_SCHEDULE)
        self._webhooks = Webhooks(deliveries, faults, callback_token, now)
        super().__init__(
            merchant_name=merchant_name, now=now, deliveries=deliveries, faults=faults, port=port
        )
        self.payouts = Payouts(now, faults, bank_confirms_after)
        api = Api(self.ledger, self.buyer.pay, merchant_name=merchant_name)
        refunds = Refunds(self.ledger, faults, bank_confirms_after=bank_confirms_after)
        self._calls = Calls(self.ledger, faults, api, refunds, self.payouts, secret_key)

    def is_call(self, path: str) -> bool:
        return self._calls.is_call(path)

    def answer(self, call: Call) -> Reply | None:
        return self._calls.answer(call)

    def announce(self, transaction: Transaction) -> None:
        self._webhooks.announce(transaction)

    def attack(self, transaction: Transaction) -> None:
        self._webhooks.attack(transaction)
