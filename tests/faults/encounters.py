"""Two workers on one item: how it comes about, and what the two do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from meterai.domain.identity import charge_id
from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState
from meterai.messages import OrderIsDue
from tests.faults.scheduler import Act
from tests.faults.town import Town
from tests.unit.steps.office import BUYER, EXPIRES_IN, LETTER
from tests.unit.steps.wiring import PROMISE

Encounter = Callable[[Town], tuple[Act, Act]]
OTHER = LETTER + b", another"
MINUTE = timedelta(minutes=1)


def the_same_notice_twice(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.office.ports.gateway.settle(order.charge_id)
    town.office.notice(order.charge_id)
    return _twice(_taken(town))


def two_payments_of_one_order(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    second = charge_id(order.order_id, 2)
    standing = town.world.charges[order.charge_id]
    town.world.charges[second] = replace(
        standing, charge_id=second, transaction_id="tx-second", refunds={}
    )
    town.world.orders[order.order_id] = replace(order, attempt=2)
    for charge in (order.charge_id, second):
        town.office.ports.gateway.settle(charge)
        town.office.notice(charge)
    return _taken(town), _taken(town)


def a_payment_and_the_expiry(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.request(order)
    town.office.ports.gateway.settle(order.charge_id)
    town.office.notice(order.charge_id)
    town.world.pass_time(EXPIRES_IN + timedelta(minutes=2))
    return _taken(town), lambda: town.office.act_on(OrderIsDue(order_id=order.order_id))


def a_payment_and_a_request(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.office.ports.gateway.settle(order.charge_id)
    town.office.notice(order.charge_id)
    return _taken(town), lambda: town.office.request(order.order_id)


def two_purchases_with_one_key(town: Town) -> tuple[Act, Act]:
    return _twice(lambda: town.office.buy("buy"))


def two_documents_for_the_last_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    town.office.upload(OTHER)
    return (
        lambda: town.office.request(order.order_id),
        lambda: town.office.request(order.order_id, "other", OTHER),
    )


def two_requests_with_one_key(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 2)
    return _twice(lambda: town.office.request(order.order_id, count=2))


def a_request_and_a_refund_of_the_last_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    return lambda: town.office.request(order.order_id), lambda: town.office.refund(order.order_id)


def two_refunds_of_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    return (
        lambda: town.office.refund(order.order_id, "one"),
        lambda: town.office.refund(order.order_id, "two"),
    )


def two_refunds_with_one_key(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 2)
    return _twice(lambda: town.office.refund(order.order_id, quantity=2))


def two_workers_with_one_refund(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    town.office.refund(order.order_id)
    return _twice(_taken(town))


def two_workers_with_one_stamping(town: Town) -> tuple[Act, Act]:
    return _twice(_taken(_requested(town)))


def two_workers_with_two_on_one_document(town: Town) -> tuple[Act, Act]:
    return _twice(_taken(_requested(town, count=2)))


def two_workers_with_a_bad_document(town: Town) -> tuple[Act, Act]:
    _requested(town)
    for name in town.world.documents:
        town.world.documents[name] = b"something else"
    return _twice(_taken(town))


def a_worker_and_a_refund(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    order = next(iter(town.world.orders.values()))
    return stamp, lambda: town.office.refund(order.order_id, quantity=order.quantity)


def a_worker_and_the_end_of_the_promise(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    town.world.pass_time(PROMISE + timedelta(minutes=1))
    return stamp, town.office.sweep


def a_worker_and_a_chargeback(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    order = next(iter(town.world.orders.values()))
    town.world.charges[order.charge_id].state = ChargeState.REVERSED
    town.office.notice(order.charge_id)
    return stamp, _taken(town)


def a_refund_and_the_end_of_the_promise(town: Town) -> tuple[Act, Act]:
    _requested(town)
    order = next(iter(town.world.orders.values()))
    town.world.stamping_lane.clear()
    town.world.pass_time(PROMISE + timedelta(minutes=1))
    return (
        lambda: town.office.refund(order.order_id, quantity=order.quantity),
        town.office.sweep,
    )


def two_tills_with_one_ticket(town: Town) -> tuple[Act, Act]:
    town.pause(until=town.world.now)
    town.take_place()
    return (
        lambda: town.office.buy("buy", ticket=town.ticket),
        lambda: town.office.buy("on another phone", ticket=town.ticket),
    )


def one_purchase_twice_with_its_ticket(town: Town) -> tuple[Act, Act]:
    town.pause(until=town.world.now)
    town.take_place()
    return _twice(lambda: town.office.buy("buy", ticket=town.ticket))


def two_phones_that_take_a_place(town: Town) -> tuple[Act, Act]:
    """Both are given the same one."""
    town.pause(until=town.world.now - MINUTE)

    def take() -> None:
        town.world.pass_time(timedelta(milliseconds=1))
        town.office.take_place(BUYER)
        if len(town.world.tickets) > 1:
            town.watch.findings.append("one account has two places")

    return _twice(take)


def two_renewals_of_the_receipt_key(town: Town) -> tuple[Act, Act]:
    return _twice(town.office.renew_receipt_key)


def a_receipt_and_a_renewal(town: Town) -> tuple[Act, Act]:
    town.renew_receipt_key()
    first = town.office.request(_paid(town, 1).order_id)
    town.world.pass_time(timedelta(hours=1))
    return lambda: town.office.receipt(first.stamping, BUYER), town.office.renew_receipt_key


def two_sweeps(town: Town) -> tuple[Act, Act]:
    _requested(town)
    town.world.stamping_lane.clear()
    town.world.pass_time(PROMISE + timedelta(minutes=1))
    return _twice(town.office.sweep)


ENCOUNTERS: Sequence[Encounter] = (
    the_same_notice_twice,
    two_payments_of_one_order,
    a_payment_and_the_expiry,
    a_payment_and_a_request,
    two_purchases_with_one_key,
    two_documents_for_the_last_one,
    two_requests_with_one_key,
    a_request_and_a_refund_of_the_last_one,
    two_refunds_of_one,
    two_refunds_with_one_key,
    two_workers_with_one_refund,
    two_workers_with_one_stamping,
    two_workers_with_two_on_one_document,
    two_workers_with_a_bad_document,
    a_worker_and_a_refund,
    a_worker_and_the_end_of_the_promise,
    a_worker_and_a_chargeback,
    a_refund_and_the_end_of_the_promise,
    two_sweeps,
    two_tills_with_one_ticket,
    one_purchase_twice_with_its_ticket,
    two_phones_that_take_a_place,
    two_renewals_of_the_receipt_key,
    a_receipt_and_a_renewal,
)


def _bought(town: Town, quantity: int = 2) -> Order:
    town.office.upload()
    return town.office.buy("buy", quantity)


def _paid(town: Town, quantity: int) -> Order:
    order = _bought(town, quantity)
    town.office.settle(order)
    town.postman.deliver()
    return town.world.orders[order.order_id]


def _requested(town: Town, count: int = 1) -> Town:
    town.office.request(_paid(town, count).order_id, count=count)
    return town


def _taken(town: Town) -> Act:
    """What a worker does with the first message that lies in a lane, in the lanes' order."""
    lanes = (town.world.payments_lane, town.world.refunds_lane, town.world.stamping_lane)
    message = next(lane for lane in lanes if lane).popleft().message
    return lambda: town.office.act_on(message)


def _twice(act: Act) -> tuple[Act, Act]:
    return act, act
