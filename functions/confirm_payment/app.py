"""Payments queue: after a notice, or when an order's clock rings, the gateway is asked."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from meterai.domain.flow import Lane
from meterai.domain.payments import Notice
from meterai.entry.queue import SOON, queue_handler
from meterai.entry.tallies import Tallies
from meterai.messages import ChargeIsUnclear, NoticeArrived, OrderIsDue, PaymentsMessage
from meterai.ports import Gateway
from meterai.services import office
from meterai.steps.confirm_payment import Confirming, confirm_charge, look_at_order

_message: TypeAdapter[PaymentsMessage] = TypeAdapter(PaymentsMessage)


def handle(body: str) -> None:
    match _message.validate_json(body):
        case NoticeArrived(gateway=gateway, body=notice):
            about = office.notice_readers[gateway](notice)
            confirm_charge(about, _needs(office.gateways[gateway]))
        case ChargeIsUnclear(gateway=gateway, charge_id=charge_id, transaction_id=transaction_id):
            about = Notice(charge_id, transaction_id)
            confirm_charge(about, _needs(office.gateways[gateway]))
        case OrderIsDue(order_id=order_id):
            chosen, *former = office.gateways.values()
            look_at_order(order_id, _needs(chosen, former))


def _needs(gateway: Gateway, former: Sequence[Gateway] = ()) -> Confirming:
    return Confirming(
        orders=office.orders,
        payments=office.payments,
        serials=office.serials,
        documents=office.documents,
        lanes=office.lanes,
        gateway=gateway,
        identities=office.identities,
        snapshot=lambda: office.snapshot,
        urgent_within=office.urgent_within,
        now=office.now,
        former=former,
    )


def come_back_early(receipt: str, _: str) -> None:
    office.lanes.come_again(receipt, SOON, Lane.PAYMENTS)


tallies = Tallies(lambda: office.gauges, lambda _: Lane.PAYMENTS)
handler = queue_handler(handle, tallies, come_back_early=come_back_early)
