"""Scripts of stamps: requested, waiting, stamped, or not executed."""

from datetime import timedelta

from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState
from meterai.domain.stamping.augmentation import SignatureLevel
from tests.fakes.ports import CLAIM, PROMISE
from tests.faults.harness import PORTAL, Harness
from tests.unit.steps.in_memory_app import BUYER, LETTER


def request_before_payment(harness: Harness) -> None:
    harness.pay(_requested_order(harness))


def request_after_payment(harness: Harness) -> None:
    harness.request(_paid_order(harness))


def stamp_several_on_one_document(harness: Harness) -> None:
    harness.request(_paid_order(harness, 3), count=2)
    harness.pump.deliver()


def stamp_in_bulk(harness: Harness) -> None:
    harness.request(_paid_order(harness), bulk=True)


def refuse_a_document_that_went_bad(harness: Harness) -> None:
    order = harness.buy()
    document = harness.app.upload()
    harness.request(order)
    harness.state.documents[BUYER, document] = b"something else"
    harness.pay(order)


def refund_what_is_reserved(harness: Harness) -> None:
    order = harness.buy(3)
    harness.app.upload()
    harness.pay(order)
    harness.pump.stamping_moves = False
    harness.pump.deliver()
    harness.request(order, count=2)
    harness.refund(order.order_id, 3)


def refund_while_a_worker_may_have_died(harness: Harness) -> None:
    """After one delivery the stamping lane stops, and a claim may have expired."""
    order = _request_and_deliver_once(harness)
    harness.state.pass_time(CLAIM + timedelta(seconds=1))
    harness.refund(order.order_id, 2)


def not_executed(harness: Harness) -> None:
    harness.pay(_requested_order(harness))
    harness.pump.stamping_moves = False
    harness.pump.until_idle()


def outage_after_the_first_delivery(harness: Harness) -> None:
    _request_and_deliver_once(harness)
    harness.state.pass_time(PROMISE)
    harness.pump.until_idle()


def a_deadline_comes_while_stamping_waits(harness: Harness) -> None:
    order = _paid_order(harness)
    harness.pump.stamping_moves = False
    harness.know_deadline(timedelta(minutes=10))
    harness.request(order, portal=PORTAL)
    harness.state.pass_time(timedelta(minutes=10))
    harness.pump.stamping_moves = True
    harness.pump.deliver()


def a_deadline_comes_before_the_payment(harness: Harness) -> None:
    order = harness.buy()
    harness.app.upload()
    harness.know_deadline(timedelta(minutes=10))
    harness.request(order, portal=PORTAL)
    harness.state.pass_time(timedelta(minutes=11))
    harness.pay(order)


def expire_with_a_stamping_requested(harness: Harness) -> None:
    _requested_order(harness)


def cancel_with_a_stamping_requested(harness: Harness) -> None:
    harness.cancel(_requested_order(harness))


def reversed_while_stamping_waits(harness: Harness) -> None:
    order = harness.buy()
    harness.app.upload()
    harness.pay(order)
    harness.pump.stamping_moves = False
    harness.pump.deliver()
    harness.request(order)
    harness.state.charges[order.charge_id].state = ChargeState.REVERSED
    harness.webhook(order)
    harness.pump.deliver()


def augment_to_its_level(harness: Harness) -> None:
    """No timestamp server answers when it is stamped; they answer a day later."""
    harness.app.ports.signature_level = SignatureLevel.B_LT
    order = _paid_order(harness, 3)
    harness.state.timestamp_servers_answer = False
    harness.request(order, count=2)
    harness.pump.deliver()
    harness.state.pass_time(timedelta(hours=20))
    harness.pump.sweep()


def stamp_with_timestamps(harness: Harness) -> None:
    harness.app.ports.signature_level = SignatureLevel.B_LT
    harness.request(_paid_order(harness))


def verify(harness: Harness) -> None:
    first = harness.request(_paid_order(harness))
    harness.pump.until_idle()
    stored = harness.state.stamped.get(first.stamping) if first else None
    harness.verify(harness.app.upload(stored or LETTER))


def _requested_order(harness: Harness) -> Order:
    """Not paid yet, with a stamping requested."""
    order = harness.buy()
    harness.app.upload()
    harness.request(order)
    return order


def _paid_order(harness: Harness, quantity: int = 2) -> Order:
    """Its document is uploaded."""
    order = harness.buy(quantity)
    harness.app.upload()
    harness.pay(order)
    harness.pump.deliver()
    return order


def _request_and_deliver_once(harness: Harness) -> Order:
    """Then the stamping lane stops."""
    order = _requested_order(harness)
    harness.pay(order)
    harness.pump.deliver()
    harness.pump.stamping_moves = False
    return order
