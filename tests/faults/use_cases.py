"""The stories that are run over and over, each time with another accident."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from meterai.domain.identity import charge_id
from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState, Method
from tests.faults.town import Town
from tests.unit.steps.office import BUYER, EXPIRES_IN, LETTER
from tests.unit.steps.wiring import CLAIM, PROMISE

UseCase = Callable[[Town], None]


def buy_and_never_pay(town: Town) -> None:
    town.buy()


def pay_by_notice(town: Town) -> None:
    town.pay(town.buy())
    town.postman.deliver()


def pay_and_the_notice_is_lost(town: Town) -> None:
    order = town.buy()
    town.office.ports.gateway.settle(order.charge_id)


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


def refuse_a_document_that_went_bad(town: Town) -> None:
    order = town.buy()
    document = town.office.upload()
    town.request(order)
    town.world.documents[BUYER, document] = b"something else"
    town.pay(order)


def refund_what_is_free(town: Town) -> None:
    order = town.buy(3)
    town.pay(order)
    town.postman.deliver()
    town.refund(order.order_id, 2)


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


def expire_with_a_stamping_requested(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)


def late_payment(town: Town) -> None:
    order = town.buy()
    town.office.upload()
    town.request(order)
    town.world.pass_time(EXPIRES_IN + timedelta(minutes=5))
    town.postman.sweep()
    town.postman.deliver()
    town.pay(order)


def wrong_amount(town: Town) -> None:
    order = town.buy()
    town.world.charges[order.charge_id].amount_idr = 1_000
    town.pay(order)


def refund_by_virtual_account(town: Town) -> None:
    order = town.buy(method=Method.VIRTUAL_ACCOUNT)
    town.pay(order)
    town.postman.deliver()
    town.refund(order.order_id, 2)


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


def paid_twice(town: Town) -> None:
    """A lost answer made a second charge of the order, and both were paid."""
    order = town.buy()
    first = town.world.charges[order.charge_id]
    second = charge_id(order.order_id, 2)
    town.world.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    town.world.orders[order.order_id] = replace(town.world.orders[order.order_id], attempt=2)
    town.pay(order)
    town.pay(town.world.orders[order.order_id])


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


USE_CASES: tuple[UseCase, ...] = (
    buy_and_never_pay,
    pay_by_notice,
    pay_and_the_notice_is_lost,
    request_before_payment,
    request_after_payment,
    stamp_several_on_one_document,
    refuse_a_document_that_went_bad,
    refund_what_is_free,
    refund_what_is_reserved,
    refund_while_a_worker_may_have_died,
    not_executed,
    outage_after_the_first_delivery,
    expire_with_a_stamping_requested,
    late_payment,
    wrong_amount,
    refund_by_virtual_account,
    reversed_while_stamping_waits,
    paid_twice,
    verify,
)

# Those whose money is all paid while its order waits for it: the order's clock finds it.
LOSABLE: tuple[UseCase, ...] = tuple(
    story
    for story in USE_CASES
    if story not in (late_payment, reversed_while_stamping_waits, paid_twice)
)
