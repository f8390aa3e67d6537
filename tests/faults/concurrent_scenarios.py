"""Two workers on one item: how it comes about, and what the two do."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState
from meterai.messages import CheckOrder
from tests.faults.harness import Town
from tests.faults.scheduler import Act
from tests.unit.steps.in_memory_app import BUYER, EXPIRES_IN, LETTER
from tests.unit.steps.wiring import PROMISE

Encounter = Callable[[Town], tuple[Act, Act]]
OTHER = LETTER + b", another"
MINUTE = timedelta(minutes=1)


def the_same_notice_twice(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.app.ports.gateway.settle(order.charge_id)
    town.app.webhook(order.charge_id)
    return _twice(_taken(town))


def two_payments_of_one_order(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    second = charge_id(order.order_id, 2)
    standing = town.state.charges[order.charge_id]
    town.state.charges[second] = replace(
        standing, charge_id=second, transaction_id="tx-second", refunds={}
    )
    town.state.orders[order.order_id] = replace(order, attempt=2)
    for charge in (order.charge_id, second):
        town.app.ports.gateway.settle(charge)
        town.app.webhook(charge)
    return _taken(town), _taken(town)


def a_payment_and_the_expiry(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.request(order)
    town.app.ports.gateway.settle(order.charge_id)
    town.app.webhook(order.charge_id)
    town.state.pass_time(EXPIRES_IN + timedelta(minutes=2))
    return _taken(town), lambda: town.app.act_on(CheckOrder(order_id=order.order_id))


def a_payment_and_a_request(town: Town) -> tuple[Act, Act]:
    order = _bought(town)
    town.app.ports.gateway.settle(order.charge_id)
    town.app.webhook(order.charge_id)
    return _taken(town), lambda: town.app.request(order.order_id)


def two_purchases_with_one_key(town: Town) -> tuple[Act, Act]:
    return _twice(lambda: town.app.buy("buy"))


def two_documents_for_the_last_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    town.app.upload(OTHER)
    return (
        lambda: town.app.request(order.order_id),
        lambda: town.app.request(order.order_id, "other", OTHER),
    )


def two_requests_with_one_key(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 2)
    return _twice(lambda: town.app.request(order.order_id, count=2))


def a_request_and_a_refund_of_the_last_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    return lambda: town.app.request(order.order_id), lambda: town.app.refund(order.order_id)


def two_refunds_of_one(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    return (
        lambda: town.app.refund(order.order_id, "one"),
        lambda: town.app.refund(order.order_id, "two"),
    )


def two_refunds_with_one_key(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 2)
    return _twice(lambda: town.app.refund(order.order_id, quantity=2))


def two_workers_with_one_refund(town: Town) -> tuple[Act, Act]:
    order = _paid(town, 1)
    town.app.refund(order.order_id)
    return _twice(_taken(town))


def two_workers_with_one_stamping(town: Town) -> tuple[Act, Act]:
    return _twice(_taken(_requested(town)))


def two_workers_with_two_on_one_document(town: Town) -> tuple[Act, Act]:
    return _twice(_taken(_requested(town, count=2)))


def two_workers_with_a_bad_document(town: Town) -> tuple[Act, Act]:
    _requested(town)
    for name in town.state.documents:
        town.state.documents[name] = b"something else"
    return _twice(_taken(town))


def a_worker_and_a_refund(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    order = next(iter(town.state.orders.values()))
    return stamp, lambda: town.app.refund(order.order_id, quantity=order.quantity)


def a_worker_and_the_end_of_the_promise(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    town.state.pass_time(PROMISE + timedelta(minutes=1))
    return stamp, town.app.sweep


def a_worker_and_a_chargeback(town: Town) -> tuple[Act, Act]:
    stamp = _taken(_requested(town))
    order = next(iter(town.state.orders.values()))
    town.state.charges[order.charge_id].state = ChargeState.REVERSED
    town.app.webhook(order.charge_id)
    return stamp, _taken(town)


def a_refund_and_the_end_of_the_promise(town: Town) -> tuple[Act, Act]:
    _requested(town)
    order = next(iter(town.state.orders.values()))
    town.state.stamping_lane.clear()
    town.state.pass_time(PROMISE + timedelta(minutes=1))
    return (
        lambda: town.app.refund(order.order_id, quantity=order.quantity),
        town.app.sweep,
    )


def two_tills_with_one_ticket(town: Town) -> tuple[Act, Act]:
    town.pause(until=town.state.now)
    town.join_waiting_room()
    return (
        lambda: town.app.buy("buy", ticket=town.ticket),
        lambda: town.app.buy("on another phone", ticket=town.ticket),
    )


def one_purchase_twice_with_its_ticket(town: Town) -> tuple[Act, Act]:
    town.pause(until=town.state.now)
    town.join_waiting_room()
    return _twice(lambda: town.app.buy("buy", ticket=town.ticket))


def two_phones_that_take_a_place(town: Town) -> tuple[Act, Act]:
    """Both are given the same one."""
    town.pause(until=town.state.now - MINUTE)

    def take() -> None:
        town.state.pass_time(timedelta(milliseconds=1))
        town.app.join_waiting_room(BUYER)
        if len(town.state.tickets) > 1:
            town.watch.findings.append("one account has two places")

    return _twice(take)


def two_renewals_of_the_receipt_key(town: Town) -> tuple[Act, Act]:
    return _twice(town.app.renew_receipt_key)


def a_receipt_and_a_renewal(town: Town) -> tuple[Act, Act]:
    town.renew_receipt_key()
    first = town.app.request(_paid(town, 1).order_id)
    town.state.pass_time(timedelta(hours=1))
    return lambda: town.app.receipt(first.stamping, BUYER), town.app.renew_receipt_key


def two_sweeps(town: Town) -> tuple[Act, Act]:
    _requested(town)
    town.state.stamping_lane.clear()
    town.state.pass_time(PROMISE + timedelta(minutes=1))
    return _twice(town.app.sweep)


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
    town.app.upload()
    return town.app.buy("buy", quantity)


def _paid(town: Town, quantity: int) -> Order:
    order = _bought(town, quantity)
    town.app.settle(order)
    town.pump.deliver()
    return town.state.orders[order.order_id]


def _requested(town: Town, count: int = 1) -> Town:
    town.app.request(_paid(town, count).order_id, count=count)
    return town


def _taken(town: Town) -> Act:
    """What a worker does with the first message that lies in a lane, in the lanes' order."""
    lanes = (town.state.payments_lane, town.state.refunds_lane, town.state.stamping_lane)
    message = next(lane for lane in lanes if lane).popleft().message
    return lambda: town.app.act_on(message)


def _twice(act: Act) -> tuple[Act, Act]:
    return act, act
