"""Stories of stamps: asked for, waited for, put on a document, or not."""

from datetime import timedelta

from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState
from meterai.domain.preservation import SignatureLevel
from tests.faults.town import PORTAL, Town
from tests.unit.steps.office import BUYER, LETTER
from tests.unit.steps.wiring import CLAIM, PROMISE


def request_before_payment(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)
    town.pay(order)


def request_after_payment(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.request(order)


def stamp_several_on_one_document(town: Town) -> None:
    order = town.buy(3)
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.request(order, count=2)
    town.postman.deliver()


def stamp_in_bulk(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.request(order, bulk=True)


def refuse_a_document_that_went_bad(town: Town) -> None:
    order = town.buy()
    document = town.office.upload()
    town.request(order)
    town.world.documents[BUYER, document] = b"something else"
    town.pay(order)


def refund_what_is_reserved(town: Town) -> None:
    order = town.buy(3)
    town.office.upload()
    town.pay(order)
    town.postman.stamping_moves = False
    town.postman.deliver()
    town.request(order, count=2)
    town.refund(order.order_id, 3)


def refund_while_a_worker_may_have_died(town: Town) -> None:
    """After one delivery the stamping lane stands still, and a claim may have lapsed."""
    order = _request_and_deliver_once(town)
    town.world.pass_time(CLAIM + timedelta(seconds=1))
    town.refund(order.order_id, 2)


def not_executed(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)
    town.pay(order)
    town.postman.stamping_moves = False
    town.postman.until_quiet()


def outage_after_the_first_delivery(town: Town) -> None:
    _request_and_deliver_once(town)
    town.world.pass_time(PROMISE)
    town.postman.until_quiet()


def a_deadline_comes_while_stamping_waits(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.postman.stamping_moves = False
    town.know_deadline(timedelta(minutes=10))
    town.request(order, portal=PORTAL)
    town.world.pass_time(timedelta(minutes=10))
    town.postman.stamping_moves = True
    town.postman.deliver()


def a_deadline_comes_before_the_payment(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.know_deadline(timedelta(minutes=10))
    town.request(order, portal=PORTAL)
    town.world.pass_time(timedelta(minutes=11))
    town.pay(order)


def expire_with_a_stamping_requested(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)


def cancel_with_a_stamping_requested(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)
    town.cancel(order)


def reversed_while_stamping_waits(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.stamping_moves = False
    town.postman.deliver()
    town.request(order)
    town.world.charges[order.charge_id].state = ChargeState.REVERSED
    town.notice(order)
    town.postman.deliver()


def raise_to_its_level(town: Town) -> None:
    """The timestamp servers are away when it is stamped, and come back a day later."""
    town.office.level = SignatureLevel.B_LT
    order = town.buy(3)
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.world.timestamp_servers_answer = False
    town.request(order, count=2)
    town.postman.deliver()
    town.world.pass_time(timedelta(hours=20))
    town.postman.sweep()


def stamp_with_timestamps(town: Town) -> None:
    town.office.level = SignatureLevel.B_LT
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    town.request(order)


def verify(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.pay(order)
    town.postman.deliver()
    first = town.request(order)
    town.postman.until_quiet()
    stored = town.world.stamped.get(first.stamping) if first else None
    town.verify(town.office.upload(stored or LETTER))


def _request_and_deliver_once(town: Town) -> Order:
    """Then the stamping lane stands still."""
    order = town.buy()
    town.office.upload()
    town.request(order)
    town.pay(order)
    town.postman.deliver()
    town.postman.stamping_moves = False
    return order
