"""Payments queue: after a webhook, or when an order's timer fires, the gateway is asked."""

from pydantic import TypeAdapter

from meterai.container import container
from meterai.domain.orders.payments import WebhookEvent
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.queue import RETRY_SOON, queue_handler
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.messages import CheckCharge, CheckOrder, PaymentsMessage, WebhookReceived
from meterai.steps.confirm_payment import check_order, confirm_charge, confirm_webhook

_message: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)


def handle(body: str) -> None:
    now = container.now
    match _message.validate_json(body):
        case WebhookReceived(gateway=gateway, body=webhook):
            confirm_webhook(gateway, webhook, container, now)
        case CheckCharge(gateway=gateway, charge_id=charge_id, transaction_id=transaction_id):
            confirm_charge(gateway, WebhookEvent(charge_id, transaction_id), container, now)
        case CheckOrder(order_id=order_id):
            check_order(order_id, container, now)


def retry_early(receipt: str, _: str) -> None:
    container.lanes.retry_after(receipt, RETRY_SOON, Lane.PAYMENTS)


reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.PAYMENTS)
handler = queue_handler(handle, reporter, retry_early=retry_early)
