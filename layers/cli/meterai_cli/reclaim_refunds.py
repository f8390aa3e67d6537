"""After the tables were restored: refunds that the gateway knows and the tables do not.

Money that went back after the moment to which the tables were restored leaves slots that look free:
they could be stamped, or given back once more. The gateway lists each refund under the key that we
gave it, which names the refund. It is put on record as due, with its slots; the refund lane asks
the gateway first, finds it there and sends nothing. Idempotent; without `apply` nothing is written.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meterai.aws.orders.orders import DynamoOrders
from meterai.aws.orders.payments import DynamoPayments
from meterai.aws.orders.refunds import DynamoRefunds
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import OrderId
from meterai.domain.orders.payments import RefundStatus, transaction_of
from meterai.domain.refunds.refund_factory import new_refund
from meterai.domain.refunds.refunds import Refund, RefundReason, refund_of_gateway_key
from meterai.gateways.keys import GatewayKeys
from meterai.gateways.package import GatewayConfig
from meterai.gateways.registry import GatewayRegistry
from meterai.ports import Gateway, Orders, Payments, Refunds
from meterai_cli.reclaim import Finding

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PROMISE = timedelta(days=1)  # the money has gone back already


@dataclass(frozen=True, slots=True)
class Books:
    """The tables, which serve by now, and the gateways by their names."""

    orders: Orders
    payments: Payments
    refunds: Refunds
    gateways: Mapping[str, Gateway]

    @classmethod
    def of(
        cls, names: Mapping[str, str], dynamodb: "DynamoDBClient", gateways: Mapping[str, Gateway]
    ) -> "Books":
        """`names`: physical ones, by those of the template."""
        orders, payments, refunds = (
            names[one] for one in ("OrdersTable", "PaymentsTable", "RefundsTable")
        )
        return cls(
            DynamoOrders(dynamodb, orders),
            DynamoPayments(dynamodb, payments, refunds, orders),
            DynamoRefunds(dynamodb, refunds, orders),
            gateways,
        )


def reclaim_refunds(
    order_id: OrderId, books: Books, now: datetime, *, apply: bool
) -> Iterator[Finding]:
    """Of the payment that paid this order, each refund of ours that is not on record."""
    order, payment = books.orders.get(order_id), None
    if order is not None and order.payment_id is not None:
        payment = books.payments.get(order_id, order.payment_id)
    if order is None or payment is None:
        yield Finding(order_id, "it is not known to be paid", is_open=True)
        return
    try:
        status = books.gateways[payment.gateway].status(transaction_of(payment.payment_id))
    except Unavailable as silent:
        says = f"its gateway does not answer ({silent.values}): try again"
        yield Finding(order_id, says, is_open=True)
        return
    for listed in () if status is None else status.refunds:
        refund_id = refund_of_gateway_key(listed.refund_key)
        if refund_id is None or books.refunds.get(refund_id) is not None:
            continue
        quantity, rest = divmod(listed.amount_idr, order.unit_price_idr)
        free = order.free_slots
        if rest or not 0 < quantity <= len(free):
            says = f"refund {listed.refund_key} of Rp{listed.amount_idr} fits no free slots"
            yield Finding(order_id, says, is_open=True)
            continue
        due = new_refund(
            refund_id,
            payment,
            amount_idr=listed.amount_idr,
            reason=RefundReason.REQUESTED,
            now=now,
            promise=PROMISE,
            slots=free[:quantity],
        )
        due = replace(due, attempt=_attempt_of(listed))
        if apply and not isinstance(books.refunds.request(order, due), Refund):
            yield Finding(order_id, "it changes at this moment: try again", is_open=True)
            return
        order = books.orders.get(order_id) or order
        yield Finding(order_id, f"{refund_id} {'is' if apply else 'would be'} on record again")


def _attempt_of(listed: RefundStatus) -> int:
    return int(listed.refund_key.rpartition("-")[2])


def gateways_of(given: Mapping[str, str], keys: str) -> Mapping[str, Gateway]:
    """`given`: the stack's parameters; `keys`: the text of the gateways' secret."""
    known = GatewayKeys(lambda: json.loads(keys))
    configs = [GatewayConfig(given["Gateway"], given["GatewayUrl"], given["PayoutsUrl"], known)]
    if previous := given["PreviousGateway"]:
        url = given["PreviousGatewayUrl"]
        configs.append(GatewayConfig(previous, url, given["PayoutsUrl"], known.of_previous()))
    return GatewayRegistry(configs).gateways()
