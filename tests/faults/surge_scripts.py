"""Scripts of a surge: buying with a ticket while buying is paused, and getting a receipt."""

from datetime import timedelta

from meterai.domain.orders.payments import Method
from tests.faults.harness import PORTAL, Harness

MINUTE = timedelta(minutes=1)


def buy_with_a_ticket(harness: Harness) -> None:
    """Before their turn buyers are told to wait; then they buy, and the document is stamped."""
    harness.pause(until=harness.state.now - MINUTE)
    harness.join_waiting_room()
    harness.buy_if_admitted("buy")
    harness.pause(until=harness.state.now + 10 * MINUTE)
    order = harness.buy_if_admitted("buy")
    if order is not None:
        harness.app.upload()
        harness.request(order)
        harness.pay(order)


def show_one_ticket_twice(harness: Harness) -> None:
    """A second order, from another phone, needs a second ticket."""
    harness.pause(until=harness.state.now + 10 * MINUTE)
    harness.join_waiting_room()
    harness.buy_if_admitted("buy")
    harness.buy_if_admitted("on another phone")
    harness.state.pass_time(MINUTE)
    harness.join_waiting_room()
    order = harness.buy_if_admitted("on another phone")
    if order is not None:
        harness.pay(order)


def be_refused_by_the_gateway(harness: Harness) -> None:
    """The gateway does not offer the method, so the ticket can still buy one other order.

    The refused order is checked for a day, in case its charge appears. All but the last of these
    checks are alike, so a day passes at once.
    """
    harness.pause(until=harness.state.now + 10 * MINUTE)
    harness.join_waiting_room()
    harness.state.methods_refused.add(Method.VIRTUAL_ACCOUNT)
    harness.buy_if_admitted("buy", Method.VIRTUAL_ACCOUNT)
    order = harness.buy_if_admitted("otherwise")
    harness.buy_if_admitted("once more")
    if order is not None:
        harness.pay(order)
    harness.pump.deliver()
    harness.state.pass_time(timedelta(days=1, hours=1))


def get_a_receipt(harness: Harness) -> None:
    """No receipt before payment; afterwards always the same one, even when the key has changed."""
    harness.renew_receipt_key()
    order = harness.buy()
    harness.app.upload()
    first = harness.request(order, portal=PORTAL)
    if first is None:
        return
    harness.receipt(first)
    harness.pay(order)
    harness.pump.deliver()
    receipt = harness.receipt(first)
    harness.state.pass_time(timedelta(hours=1))
    harness.renew_receipt_key()
    if receipt is not None and harness.receipt(first) != receipt:
        harness.monitor.findings.append("a stamping has two receipts")
