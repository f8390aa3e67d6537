"""Stories of a surge: bought with a ticket while buying is paused, and accepted with a receipt."""

from datetime import timedelta

from meterai.domain.orders.payments import Method
from tests.faults.harness import PORTAL, Town
from tests.unit.steps.in_memory_app import LETTER

MINUTE = timedelta(minutes=1)
ANOTHER = LETTER + b", of the same buyer"


def buy_with_a_ticket(town: Town) -> None:
    """Before it is his turn he is sent back to wait; then he buys, and it is stamped."""
    town.pause(until=town.state.now - MINUTE)
    town.join_waiting_room()
    town.buy_if_admitted("buy")
    town.pause(until=town.state.now + 10 * MINUTE)
    order = town.buy_if_admitted("buy")
    if order is not None:
        town.app.upload()
        town.request(order)
        town.pay(order)


def show_one_ticket_twice(town: Town) -> None:
    """On another phone, for another order; for that he has to take another place."""
    town.pause(until=town.state.now + 10 * MINUTE)
    town.join_waiting_room()
    town.buy_if_admitted("buy")
    town.buy_if_admitted("on another phone")
    town.state.pass_time(MINUTE)
    town.join_waiting_room()
    order = town.buy_if_admitted("on another phone")
    if order is not None:
        town.pay(order)


def be_refused_by_the_gateway(town: Town) -> None:
    """It does not offer the method: the ticket serves for another purchase, and for one alone."""
    town.pause(until=town.state.now + 10 * MINUTE)
    town.join_waiting_room()
    town.state.methods_refused.add(Method.VIRTUAL_ACCOUNT)
    town.buy_if_admitted("buy", Method.VIRTUAL_ACCOUNT)
    order = town.buy_if_admitted("otherwise")
    town.buy_if_admitted("once more")
    if order is not None:
        town.pay(order)


def get_a_receipt(town: Town) -> None:
    """Not before it is paid; then the same one, also when there are other keys."""
    town.renew_receipt_key()
    order = town.buy()
    town.app.upload()
    first = town.request(order, portal=PORTAL)
    if first is None:
        return
    town.receipt(first)
    town.pay(order)
    town.pump.deliver()
    receipt = town.receipt(first)
    town.state.pass_time(timedelta(hours=1))
    town.renew_receipt_key()
    if receipt is not None and town.receipt(first) != receipt:
        town.watch.findings.append("a stamping has two receipts")
