"""Payments queue: after a notice, or when an order's clock rings, the gateway is asked."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from meterai.container import container
from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import SOON, queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import CheckCharge, CheckOrder, PaymentsMessage, WebhookReceived
from meterai.ports import Gateway
from meterai.steps.confirm_payment import ConfirmPaymentPorts, check_order, confirm_charge

_message: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)


def handle(body: str) -> None:
    match _message.validate_json(body):
        case WebhookReceived(gateway=gateway, body=webhook):
            about = container.webhook_parsers[gateway](webhook)
            confirm_charge(about, _needs(container.gateways[gateway]))
        case CheckCharge(gateway=gateway, charge_id=charge_id, transaction_id=transaction_id):
            about = WebhookEvent(charge_id, transaction_id)
            confirm_charge(about, _needs(container.gateways[gateway]))
        case CheckOrder(order_id=order_id):
            chosen, *former = container.gateways.values()
            check_order(order_id, _needs(chosen, former))


def _needs(gateway: Gateway, former: Sequence[Gateway] = ()) -> ConfirmPaymentPorts:
    return ConfirmPaymentPorts(
        orders=container.orders,
        payments=container.payments,
        serials=container.serials,
        documents=container.documents,
        lanes=container.lanes,
        gateway=gateway,
        id_deriver=container.id_deriver,
        snapshot=lambda: container.snapshot,
        urgent_window=container.urgent_window,
        now=container.now,
        former=former,
    )


def retry_early(receipt: str, _: str) -> None:
    container.lanes.retry_after(receipt, SOON, Lane.PAYMENTS)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.PAYMENTS)
handler = queue_handler(handle, reporter, retry_early=retry_early)
