"""Two workers on one item: the situation before, and the two actions in it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import charge_id
from meterai.domain.orders.orders import Order
from meterai.domain.orders.payments import ChargeState
from meterai.domain.refunds.refund_transitions import failed
from meterai.domain.refunds.refunds import RefundState
from meterai.messages import CheckOrder, WebhookReceived
from tests.fakes.in_memory_state import fails
from tests.fakes.ports import EXPIRES_IN, PROMISE
from tests.faults.harness import Harness
from tests.faults.scheduler import Act
from tests.unit.steps.in_memory_app import BUYER, LETTER

ConcurrentScenario = Callable[[Harness], tuple[Act, Act]]
OTHER = LETTER + b", another"
MINUTE = timedelta(minutes=1)


def the_same_webhook_twice(harness: Harness) -> tuple[Act, Act]:
    order = _bought(harness)
    harness.app.ports.gateway.settle(order.charge_id)
    harness.app.webhook(order.charge_id)
    return _twice(_taken(harness))


def two_payments_of_one_order(harness: Harness) -> tuple[Act, Act]:
    for charge in _charged_twice(harness):
        harness.app.ports.gateway.settle(charge)
        harness.app.webhook(charge)
    return _taken(harness), _taken(harness)


def a_payment_and_the_expiry(harness: Harness) -> tuple[Act, Act]:
    order = _bought(harness)
    harness.request(order)
    harness.app.ports.gateway.settle(order.charge_id)
    harness.app.webhook(order.charge_id)
    harness.state.pass_time(EXPIRES_IN + timedelta(minutes=2))
    return _taken(harness), lambda: harness.app.act_on(CheckOrder(order_id=order.order_id))


def a_late_payment_and_the_expiry(harness: Harness) -> tuple[Act, Act]:
    """The bank reports a payment, made in time, after the gateway has closed the charge."""
    order = _bought(harness)
    harness.state.pass_time(EXPIRES_IN + timedelta(minutes=2))

    def pay_late() -> None:
        harness.app.webhook(order.charge_id)
        harness.app.ports.gateway.settle(order.charge_id, at=order.expires_at)
        _taken(harness)()

    return pay_late, lambda: harness.app.act_on(CheckOrder(order_id=order.order_id))


def a_wrong_payment_and_its_reversal(harness: Harness) -> tuple[Act, Act]:
    """The bank reverses the payment while it is being refunded."""
    order = _bought(harness)
    harness.state.charges[order.charge_id].amount_idr = 1_000
    harness.app.settle(order)
    settled = _taken(harness)

    def reverse() -> None:
        harness.app.webhook(order.charge_id)
        harness.state.charges[order.charge_id].state = ChargeState.REVERSED
        harness.app.act_on(WebhookReceived(gateway="midtrans", body=order.charge_id))

    return settled, reverse


def a_reversal_and_another_payment(harness: Harness) -> tuple[Act, Act]:
    """A worker ended after it had stored the second payment. That payment is reversed now, while
    the first one pays the order."""
    first, second = _charged_twice(harness)
    harness.app.ports.gateway.settle(second)
    harness.app.webhook(second)
    before, harness.state.hook = harness.state.hook, fails("Orders.mark_paid", Unavailable())
    with suppress(Unavailable):
        _taken(harness)()
    harness.state.hook = before
    harness.state.charges[second].state = ChargeState.REVERSED
    harness.app.ports.gateway.settle(first)
    for charge in (second, first):
        harness.app.webhook(charge)
    return _taken(harness), _taken(harness)


def a_payment_and_a_request(harness: Harness) -> tuple[Act, Act]:
    order = _bought(harness)
    harness.app.ports.gateway.settle(order.charge_id)
    harness.app.webhook(order.charge_id)
    return _taken(harness), lambda: harness.app.request(order.order_id)


def two_purchases_with_one_key(harness: Harness) -> tuple[Act, Act]:
    return _twice(lambda: harness.app.buy("buy"))


def two_documents_for_the_last_one(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 1)
    harness.app.upload(OTHER)
    return (
        lambda: harness.app.request(order.order_id),
        lambda: harness.app.request(order.order_id, "other", OTHER),
    )


def two_requests_with_one_key(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 2)
    return _twice(lambda: harness.app.request(order.order_id, count=2))


def a_request_and_a_refund_of_the_last_one(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 1)
    return lambda: harness.app.request(order.order_id), lambda: harness.app.refund(order.order_id)


def two_refunds_of_one(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 1)
    return (
        lambda: harness.app.refund(order.order_id, "one"),
        lambda: harness.app.refund(order.order_id, "two"),
    )


def two_refunds_with_one_key(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 2)
    return _twice(lambda: harness.app.refund(order.order_id, quantity=2))


def two_workers_with_one_refund(harness: Harness) -> tuple[Act, Act]:
    order = _paid(harness, 1)
    harness.app.refund(order.order_id)
    return _twice(_taken(harness))


def two_workers_with_a_failed_refund(harness: Harness) -> tuple[Act, Act]:
    return _twice(_failed_refund(harness))


def two_workers_with_a_failed_refund_of_reversed_money(harness: Harness) -> tuple[Act, Act]:
    act = _failed_refund(harness)
    for charge in harness.state.charges.values():
        charge.state = ChargeState.REVERSED
    return _twice(act)


def two_workers_with_one_stamping(harness: Harness) -> tuple[Act, Act]:
    return _twice(_taken(_requested(harness)))


def two_workers_with_two_on_one_document(harness: Harness) -> tuple[Act, Act]:
    return _twice(_taken(_requested(harness, count=2)))


def two_workers_with_a_bad_document(harness: Harness) -> tuple[Act, Act]:
    _requested(harness)
    for name in harness.state.documents:
        harness.state.documents[name] = b"something else"
    return _twice(_taken(harness))


def a_worker_and_a_refund(harness: Harness) -> tuple[Act, Act]:
    stamp = _taken(_requested(harness))
    order = next(iter(harness.state.orders.values()))
    return stamp, lambda: harness.app.refund(order.order_id, quantity=order.quantity)


def a_worker_and_the_end_of_the_promise(harness: Harness) -> tuple[Act, Act]:
    stamp = _taken(_requested(harness))
    harness.state.pass_time(PROMISE + timedelta(minutes=1))
    return stamp, harness.app.sweep


def a_worker_and_a_chargeback(harness: Harness) -> tuple[Act, Act]:
    stamp = _taken(_requested(harness))
    order = next(iter(harness.state.orders.values()))
    harness.state.charges[order.charge_id].state = ChargeState.REVERSED
    harness.app.webhook(order.charge_id)
    return stamp, _taken(harness)


def a_refund_and_the_end_of_the_promise(harness: Harness) -> tuple[Act, Act]:
    _requested(harness)
    order = next(iter(harness.state.orders.values()))
    harness.state.stamping_lane.clear()
    harness.state.pass_time(PROMISE + timedelta(minutes=1))
    return (
        lambda: harness.app.refund(order.order_id, quantity=order.quantity),
        harness.app.sweep,
    )


def two_purchases_with_one_ticket(harness: Harness) -> tuple[Act, Act]:
    harness.pause(until=harness.state.now)
    harness.join_waiting_room()
    return (
        lambda: harness.app.buy("buy", ticket=harness.ticket),
        lambda: harness.app.buy("on another phone", ticket=harness.ticket),
    )


def one_purchase_twice_with_its_ticket(harness: Harness) -> tuple[Act, Act]:
    harness.pause(until=harness.state.now)
    harness.join_waiting_room()
    return _twice(lambda: harness.app.buy("buy", ticket=harness.ticket))


def one_account_joins_twice(harness: Harness) -> tuple[Act, Act]:
    """Both requests get the same ticket."""
    harness.pause(until=harness.state.now - MINUTE)

    def take() -> None:
        harness.state.pass_time(timedelta(milliseconds=1))
        harness.app.join_waiting_room(BUYER)
        if len(harness.state.tickets) > 1:
            harness.monitor.findings.append("one account has two tickets")

    return _twice(take)


def two_renewals_of_the_receipt_key(harness: Harness) -> tuple[Act, Act]:
    return _twice(harness.app.renew_receipt_key)


def a_receipt_and_a_renewal(harness: Harness) -> tuple[Act, Act]:
    harness.renew_receipt_key()
    first = harness.app.request(_paid(harness, 1).order_id)
    harness.state.pass_time(timedelta(hours=1))
    return lambda: harness.app.receipt(first.stamping, BUYER), harness.app.renew_receipt_key


def two_sweeps(harness: Harness) -> tuple[Act, Act]:
    _requested(harness)
    harness.state.stamping_lane.clear()
    harness.state.pass_time(PROMISE + timedelta(minutes=1))
    return _twice(harness.app.sweep)


CONCURRENT_SCENARIOS: Sequence[ConcurrentScenario] = (
    the_same_webhook_twice,
    two_payments_of_one_order,
    a_payment_and_the_expiry,
    a_late_payment_and_the_expiry,
    a_wrong_payment_and_its_reversal,
    a_reversal_and_another_payment,
    a_payment_and_a_request,
    two_purchases_with_one_key,
    two_documents_for_the_last_one,
    two_requests_with_one_key,
    a_request_and_a_refund_of_the_last_one,
    two_refunds_of_one,
    two_refunds_with_one_key,
    two_workers_with_one_refund,
    two_workers_with_a_failed_refund,
    two_workers_with_a_failed_refund_of_reversed_money,
    two_workers_with_one_stamping,
    two_workers_with_two_on_one_document,
    two_workers_with_a_bad_document,
    a_worker_and_a_refund,
    a_worker_and_the_end_of_the_promise,
    a_worker_and_a_chargeback,
    a_refund_and_the_end_of_the_promise,
    two_sweeps,
    two_purchases_with_one_ticket,
    one_purchase_twice_with_its_ticket,
    one_account_joins_twice,
    two_renewals_of_the_receipt_key,
    a_receipt_and_a_renewal,
)


def _bought(harness: Harness, quantity: int = 2) -> Order:
    harness.app.upload()
    return harness.app.buy("buy", quantity)


def _paid(harness: Harness, quantity: int) -> Order:
    order = _bought(harness, quantity)
    harness.app.settle(order)
    harness.pump.deliver()
    return harness.state.orders[order.order_id]


def _charged_twice(harness: Harness) -> tuple[str, str]:
    """The charges of one order: a lost response led to the second."""
    order = _bought(harness)
    second = charge_id(order.order_id, 2)
    first = harness.state.charges[order.charge_id]
    harness.state.charges[second] = replace(
        first, charge_id=second, transaction_id="tx-second", refunds={}
    )
    harness.state.orders[order.order_id] = replace(order, attempt=2)
    return order.charge_id, second


def _failed_refund(harness: Harness) -> Act:
    """A worker's next step for a refund whose last attempt has failed."""
    refund = harness.app.refund(_paid(harness, 1).order_id)
    act = _taken(harness)
    in_time = replace(refund, state=RefundState.SUBMITTED, submitted_at=harness.state.now)
    for step in (in_time, failed(in_time, harness.state.now)):
        harness.state.refunds[refund.refund_id] = step
    return act


def _requested(harness: Harness, count: int = 1) -> Harness:
    harness.app.request(_paid(harness, count).order_id, count=count)
    return harness


def _taken(harness: Harness) -> Act:
    """A worker's handling of the first message of the first lane that has one."""
    lanes = (harness.state.payments_lane, harness.state.refunds_lane, harness.state.stamping_lane)
    message = next(lane for lane in lanes if lane).popleft().message
    return lambda: harness.app.act_on(message)


def _twice(act: Act) -> tuple[Act, Act]:
    return act, act
