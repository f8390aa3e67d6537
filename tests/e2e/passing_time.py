"""Time passes without waiting: the times in stored items are set back.

Every time in an item is set back by the same amount, as if the test had waited. This is the only
direct change of the tables; everything else uses the API.
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


def order_ages(environment: Environment, order: Json, by: timedelta) -> None:
    _age(environment, "OrdersTable", "order_id", order["order_id"], by)


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
    _age(environment, "SerialsTable", "serial", stamping["stamping_id"], by)


def refund_ages(environment: Environment, refund: Json, by: timedelta) -> None:
    _age(environment, "RefundsTable", "refund_id", refund["refund_id"], by)


def sweep(environment: Environment) -> None:
    """The minute's sweep, and all work that follows from it."""
    outcome = environment.account.fire_schedule("SweepFunction")
    assert outcome.error_type is None, outcome.payload
    assert environment.gateway.wait_until_idle()
    environment.account.quiesce()


def _age(environment: Environment, table: str, key: str, name: str, by: timedelta) -> None:
    where = {"TableName": environment.account.physical(table), "Key": {key: {"S": name}}}
    dynamodb = environment.account.client("dynamodb")
    item = dynamodb.get_item(**where, ConsistentRead=True)["Item"]
    found = [one for one in _TIMES if one in item]
    assert "next_check_at" in found, f"{name} has no timer: nothing would happen by waiting"
    dynamodb.update_item(
        **where,
        UpdateExpression="SET " + ", ".join(f"#{one} = :{one}" for one in found),
        ExpressionAttributeNames={f"#{one}": one for one in found},
        ExpressionAttributeValues={f":{one}": attribute_of(time(item, one) - by) for one in found},
    )
