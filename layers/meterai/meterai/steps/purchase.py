"""Purchase: an order becomes known, is charged at the gateway, and says how to pay."""

from datetime import datetime, timedelta

from meterai.domain.clocks import Clock, next_look_at_payment
from meterai.domain.errors import ChargeExists, KeyReused
from meterai.domain.identity import Identities, Intention
from meterai.domain.orders import Order, OrderState, check_quantity
from meterai.domain.payments import Method
from meterai.ports import Gateway, Orders

GATEWAY_PATIENCE = timedelta(seconds=15)  # longer than the gateway's adapter waits for an answer


def purchase(
    intention: Intention,
    *,
    quantity: int,
    method: Method,
    body_hash: str,
    unit_price_idr: int,
    expires_in: timedelta,
    now: datetime,
    identities: Identities,
    orders: Orders,
    gateway: Gateway,
) -> Order:
    """The order of this intention, with its payment instruction.

    May be repeated for ever: the same intention is the same order. Raises QuantityOutOfRange,
    KeyReused, GatewayRefused; Unavailable when the gateway did not answer (the retry goes on).
    """
    check_quantity(quantity)
    # 1. The order, with its first charge id, stands before anybody is asked for money.
    expires_at = now + expires_in
    wanted = Order(
        order_id=identities.order_id(intention),
        account=intention.account,
        state=OrderState.PENDING,
        quantity=quantity,
        unit_price_idr=unit_price_idr,
        method=method,
        body_hash=body_hash,
        created_at=now,
        expires_at=expires_at,
        attempt=1,
        clock=Clock(next_look_at_payment(now, now, expires_at), expires_at),
    )
    order = orders.put_new(wanted)
    if order.body_hash != body_hash:
        raise KeyReused
    if order.state is not OrderState.PENDING or order.instruction or now >= order.expires_at:
        return order
    try:
        return _charge(order, orders=orders, gateway=gateway)
    except ChargeExists:
        renewed = _renew(order, now, orders=orders, gateway=gateway)
    try:
        if renewed is not None:
            return _charge(renewed, orders=orders, gateway=gateway)
    except ChargeExists:
        pass  # a third request of this intention saw the new attempt and was faster
    return orders.get(order.order_id) or order


def _charge(order: Order, *, orders: Orders, gateway: Gateway) -> Order:
    # 2. The charge, at the gateway: its id is the attempt's, so a repeat is the same charge.
    instruction = gateway.charge(order.charge_id, order.amount_idr, order.method, order.expires_at)
    # 3. How to pay, kept until it is paid.
    return orders.store_instruction(order, instruction)


def _renew(order: Order, now: datetime, *, orders: Orders, gateway: Gateway) -> Order | None:
    """The gateway has this charge, but not its QR for us: another request of the same intention is
    at it at this moment (None), or its answer was lost. Then a fresh attempt is recorded, after
    which nobody can be shown the lost one any more, and the lost one is closed.

    Should somebody have paid the lost one all the same, its money is judged like any other.
    """
    if now - order.created_at < GATEWAY_PATIENCE:
        return None
    renewed = orders.next_attempt(order)
    if renewed is not None:
        gateway.expire(order.charge_id)
    return renewed
