"""Time passes without waiting, for one thing at a time, and the sweep finds what is due."""

from datetime import timedelta

from tests.applicant.client import Json
from tests.local.environment import Environment
from tests.local.passing_time import ORDERS, REFUNDS, SERIALS, item_ages


def order_ages(environment: Environment, order: Json, by: timedelta) -> None:
    item_ages(environment.account, ORDERS, order["order_id"], by)


def charge_ages(environment: Environment, order: Json, by: timedelta) -> None:
    """In the gateway's ledger: the order's first charge, which has been paid."""
    charge = environment.gateway.transaction(f"{order['order_id']}-1")
    assert charge is not None
    assert charge.settled_at is not None
    with environment.gateway.ledger.lock:
        charge.created_at -= by
        charge.expires_at -= by
        charge.settled_at -= by


def stamping_ages(environment: Environment, stamping: Json, by: timedelta) -> None:
    """The first e-meterai has the timer for all of them."""
    item_ages(environment.account, SERIALS, stamping["stamping_id"], by)


def refund_ages(environment: Environment, refund: Json, by: timedelta) -> None:
    item_ages(environment.account, REFUNDS, refund["refund_id"], by)


def sweep(environment: Environment) -> None:
    """The minute's sweep, and all work that follows from it."""
    outcome = environment.account.fire_schedule("SweepFunction")
    assert outcome.error_type is None, outcome.payload
    assert environment.gateway.wait_until_idle()
    environment.account.quiesce()
