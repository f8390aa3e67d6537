"""Time passes. No test waits for minutes: what was written down is made that much older.

Every time in an item is set back alike, which is what waiting would have done to it. This is the
one thing here that is done to the tables; everything else is asked for as anybody would.
"""

from datetime import timedelta

from meterai.aws.tables.attributes import attribute_of, time
from tests.applicant.client import Json
from tests.local.environment import Environment

_TIMES = (
    "claimed_until",
    "confirmed_at",
    "created_at",
    "deadline_at",
    "next_check_at",
    "expires_at",
    "requested_at",
    "told_at",
)


def order_ages(place: Environment, order: Json, by: timedelta) -> None:
    _age(place, "OrdersTable", "order_id", order["order_id"], by)


def charge_ages(place: Environment, order: Json, by: timedelta) -> None:
    """In the gateway's book: the order's first charge, which has been paid."""
    charge = place.gateway.transaction(f"{order['order_id']}-1")
    assert charge is not None
    assert charge.settled_at is not None
    with place.gateway.ledger.lock:
        charge.created_at -= by
        charge.expires_at -= by
        charge.settled_at -= by


def stamping_ages(place: Environment, stamping: Json, by: timedelta) -> None:
    """The first e-meterai carries the timer of all of them."""
    _age(place, "SerialsTable", "serial", stamping["stamping_id"], by)


def refund_ages(place: Environment, refund: Json, by: timedelta) -> None:
    _age(place, "RefundsTable", "refund_id", refund["refund_id"], by)


def sweep(place: Environment) -> None:
    """The minute's sweep, and whatever follows from it."""
    outcome = place.account.fire_schedule("SweepFunction")
    assert outcome.error_type is None, outcome.payload
    assert place.gateway.wait_until_idle()
    place.account.quiesce()


def _age(place: Environment, table: str, key: str, name: str, by: timedelta) -> None:
    where = {"TableName": place.account.physical(table), "Key": {key: {"S": name}}}
    dynamodb = place.account.client("dynamodb")
    item = dynamodb.get_item(**where, ConsistentRead=True)["Item"]
    found = [one for one in _TIMES if one in item]
    assert "next_check_at" in found, f"{name} has no timer: nothing would happen by waiting"
    dynamodb.update_item(
        **where,
        UpdateExpression="SET " + ", ".join(f"#{one} = :{one}" for one in found),
        ExpressionAttributeNames={f"#{one}": one for one in found},
        ExpressionAttributeValues={f":{one}": attribute_of(time(item, one) - by) for one in found},
    )
