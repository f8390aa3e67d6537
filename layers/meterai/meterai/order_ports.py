"""The ports of orders, payments, e-meterai and refunds, as `container.py` hands them out: made when
asked for."""

from functools import cached_property

from meterai import ports
from meterai.settings import Settings


class OrderPorts:
    """Over the four tables, and the timers of what is unfinished there."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def orders(self) -> ports.Orders:
        from meterai.aws import clients
        from meterai.aws.orders.orders import DynamoOrders

        return DynamoOrders(clients.dynamodb(), self.settings.orders_table)

    @cached_property
    def payments(self) -> ports.Payments:
        from meterai.aws import clients
        from meterai.aws.orders.payments import DynamoPayments

        return DynamoPayments(
            clients.dynamodb(),
            self.settings.payments_table,
            self.settings.refunds_table,
            self.settings.orders_table,
        )

    @cached_property
    def serials(self) -> ports.Serials:
        from meterai.aws import clients
        from meterai.aws.orders.serials import DynamoSerials

        return DynamoSerials(
            clients.dynamodb(),
            self.settings.serials_table,
            self.settings.orders_table,
            self.settings.refunds_table,
        )

    @cached_property
    def refunds(self) -> ports.Refunds:
        from meterai.aws import clients
        from meterai.aws.orders.refunds import DynamoRefunds

        return DynamoRefunds(
            clients.dynamodb(), self.settings.refunds_table, self.settings.orders_table
        )

    def timers(self, table: str, key: str) -> ports.TimerIndex:
        from meterai.aws import clients
        from meterai.aws.tables.timer_index import DynamoTimerIndex

        return DynamoTimerIndex(clients.dynamodb(), table, key)
