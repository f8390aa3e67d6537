"""Stories of stamps: asked for, waited for, put on a document, or not."""

from datetime import timedelta

from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState
from meterai.domain.stamping.augmentation import SignatureLevel
from tests.faults.harness import PORTAL, Town
from tests.unit.steps.in_memory_app import BUYER, LETTER
from tests.unit.steps.wiring import CLAIM, PROMISE


def request_before_payment(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.request(order)
    town.pay(order)


def request_after_payment(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.request(order)


def stamp_several_on_one_document(town: Town) -> None:
    order = town.buy(3)
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.request(order, count=2)
    town.pump.deliver()


def stamp_in_bulk(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.request(order, bulk=True)


def refuse_a_document_that_went_bad(town: Town) -> None:
    order = town.buy()
    document = town.app.upload()
    town.request(order)
    town.state.documents[BUYER, document] = b"something else"
    town.pay(order)


def refund_what_is_reserved(town: Town) -> None:
    order = town.buy(3)
    town.app.upload()
    town.pay(order)
    town.pump.stamping_moves = False
    town.pump.deliver()
    town.request(order, count=2)
    town.refund(order.order_id, 3)


def refund_while_a_worker_may_have_died(town: Town) -> None:
    """After one delivery the stamping lane stands still, and a claim may have lapsed."""
    order = _request_and_deliver_once(town)
    town.state.pass_time(CLAIM + timedelta(seconds=1))
    town.refund(order.order_id, 2)


def not_executed(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.request(order)
    town.pay(order)
    town.pump.stamping_moves = False
    town.pump.until_quiet()


def outage_after_the_first_delivery(town: Town) -> None:
    _request_and_deliver_once(town)
    town.state.pass_time(PROMISE)
    town.pump.until_quiet()


def a_deadline_comes_while_stamping_waits(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.pump.stamping_moves = False
    town.know_deadline(timedelta(minutes=10))
    town.request(order, portal=PORTAL)
    town.state.pass_time(timedelta(minutes=10))
    town.pump.stamping_moves = True
    town.pump.deliver()


def a_deadline_comes_before_the_payment(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.know_deadline(timedelta(minutes=10))
    town.request(order, portal=PORTAL)
    town.state.pass_time(timedelta(minutes=11))
    town.pay(order)


def expire_with_a_stamping_requested(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.request(order)


def cancel_with_a_stamping_requested(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.request(order)
    town.cancel(order)


def reversed_while_stamping_waits(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.stamping_moves = False
    town.pump.deliver()
    town.request(order)
    town.state.charges[order.charge_id].state = ChargeState.REVERSED
    town.webhook(order)
    town.pump.deliver()


def augment_to_its_level(town: Town) -> None:
    """The timestamp servers are away when it is stamped, and come back a day later."""
    town.app.level = SignatureLevel.B_LT
    order = town.buy(3)
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.state.timestamp_servers_answer = False
    town.request(order, count=2)
    town.pump.deliver()
    town.state.pass_time(timedelta(hours=20))
    town.pump.sweep()


def stamp_with_timestamps(town: Town) -> None:
    town.app.level = SignatureLevel.B_LT
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    town.request(order)


def verify(town: Town) -> None:
    order = town.buy()
    town.app.upload()
    town.pay(order)
    town.pump.deliver()
    first = town.request(order)
    town.pump.until_quiet()
    stored = town.state.stamped.get(first.stamping) if first else None
    town.verify(town.app.upload(stored or LETTER))


def _request_and_deliver_once(town: Town) -> Order:
    """Then the stamping lane stands still."""
    order = town.buy()
    town.app.upload()
    town.request(order)
    town.pay(order)
    town.pump.deliver()
    town.pump.stamping_moves = False
    return order
