"""Payments queue: after a notice, or when an order's clock rings, the gateway is asked."""

from pydantic import TypeAdapter

from meterai.entry.queue import queue_handler
from meterai.messages import NoticeArrived, PaymentsMessage
from meterai.services import office
from meterai.steps.confirm_payment import Confirming, confirm_charge, look_at_order

_message: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)


def handle(body: str) -> None:
    message = _message.validate_json(body)
    needs = Confirming(
        orders=office.orders,
        payments=office.payments,
        serials=office.serials,
        documents=office.documents,
        lanes=office.lanes,
        gateway=office.gateway,
        identities=office.identities,
        now=office.now,
    )
    if isinstance(message, NoticeArrived):
        confirm_charge(office.read_notice(message.body), needs)
    else:
        look_at_order(message.order_id, needs)


handler = queue_handler(handle)
