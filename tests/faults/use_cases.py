"""The stories that are run over and over, each time with another accident."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from meterai.domain.identity import charge_id
from meterai.domain.orders import Order
from meterai.domain.payments import ChargeState, Method
from meterai.domain.payouts import BankAccount
from meterai.domain.preservation import SignatureLevel
from meterai.domain.refunds import Refund
from tests.faults.town import PORTAL, Town
from tests.unit.steps.office import BUYER, EXPIRES_IN, LETTER
from tests.unit.steps.wiring import CLAIM, PROMISE

OTHER_ACCOUNT = BankAccount("bni", "9876543210", "Budi Santoso")
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


def cancel_while_the_money_is_under_way(town: Town) -> None:
    """It settled a moment before, and its notice is lost: the money pays the order."""
    order = town.buy()
    town.office.ports.gateway.settle(order.charge_id)
    town.cancel(order)


def pay_what_was_cancelled(town: Town) -> None:
    order = town.buy()
    town.cancel(order)
    town.postman.deliver()
    town.world.pass_time(timedelta(minutes=5))
    town.pay(order)


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


def claim_and_be_paid_out(town: Town) -> None:
    _claimed(town)


def a_payout_bounces_and_is_claimed_again(town: Town) -> None:
    """After it was confirmed: the bank sends it back, and the buyer names another account."""
    refund = _claimed(town)
    town.postman.deliver()
    for reference in list(town.world.payouts):
        town.office.ports.payouts.complete(reference)
    town.world.pass_time(timedelta(hours=1))
    town.postman.sweep()
    town.postman.deliver()
    for reference in list(town.world.payouts):
        town.office.ports.payouts.bounce(reference)
    town.world.pass_time(timedelta(days=1, hours=1))
    town.postman.sweep()
    town.postman.deliver()
    if refund is not None:
        town.claim(refund.refund_id, "claim again", OTHER_ACCOUNT)


def a_claim_meets_a_chargeback(town: Town) -> None:
    """The message of the claim and the notice of the bank wait side by side."""
    refund = _claimed(town)
    if refund is not None:
        order = town.world.orders[refund.order_id]
        if not town.world.payouts:
            town.world.charges[order.charge_id].state = ChargeState.REVERSED
        town.notice(order)


def _claimed(town: Town) -> Refund | None:
    order = town.buy(method=Method.VIRTUAL_ACCOUNT)
    town.pay(order)
    town.postman.deliver()
    refund = town.refund(order.order_id, 1)
    town.postman.until_quiet()
    return town.claim(refund.refund_id) if refund is not None else None


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


def one_charge_paid_twice(town: Town) -> None:
    """Both settled before anybody asked: each notice names its own."""
    order = town.buy()
    first = town.office.ports.gateway.settle(order.charge_id)
    second = town.office.ports.gateway.settle_again(order.charge_id)
    town.notice(order, first.transaction_id)
    town.notice(order, second.transaction_id)


def paid_again_and_nobody_tells(town: Town) -> None:
    """No clock of ours asks about it: the gateway's record of the day does, the morning after."""
    order = town.buy()
    town.pay(order)
    town.postman.deliver()
    town.office.ports.gateway.settle_again(order.charge_id)
    town.world.pass_time(timedelta(days=1, hours=6))
    town.reconcile()


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
    stamp_in_bulk,
    refuse_a_document_that_went_bad,
    refund_what_is_free,
    refund_what_is_reserved,
    refund_while_a_worker_may_have_died,
    not_executed,
    outage_after_the_first_delivery,
    a_deadline_comes_while_stamping_waits,
    a_deadline_comes_before_the_payment,
    expire_with_a_stamping_requested,
    cancel_with_a_stamping_requested,
    cancel_while_the_money_is_under_way,
    pay_what_was_cancelled,
    late_payment,
    wrong_amount,
    refund_by_virtual_account,
    claim_and_be_paid_out,
    a_payout_bounces_and_is_claimed_again,
    a_claim_meets_a_chargeback,
    reversed_while_stamping_waits,
    paid_twice,
    one_charge_paid_twice,
    paid_again_and_nobody_tells,
    raise_to_its_level,
    stamp_with_timestamps,
    verify,
)

# Those whose money is all paid while its order waits for it: the order's clock finds it.
LOSABLE: tuple[UseCase, ...] = tuple(
    story
    for story in USE_CASES
    if story
    not in (
        late_payment,
        pay_what_was_cancelled,
        reversed_while_stamping_waits,
        a_claim_meets_a_chargeback,
        paid_twice,
        one_charge_paid_twice,
        paid_again_and_nobody_tells,
    )
)
