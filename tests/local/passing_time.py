"""Time passes without waiting: the times in stored items are set back.

Every time in an item is set back by the same amount, as if somebody had waited. This is the only
direct change of the tables; everything else uses the API.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

from meterai.aws.tables.attributes import attribute_of, time
from tests.local.account import LocalAccount
from tests.local.errors import LocalAccountError

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


class TimerTable(NamedTuple):
    """A table whose unfinished items carry a timer: its logical id, and its key."""

    table: str
    key: str


ORDERS = TimerTable("OrdersTable", "order_id")
SERIALS = TimerTable("SerialsTable", "serial")
REFUNDS = TimerTable("RefundsTable", "refund_id")


class NothingToWaitForError(LocalAccountError):
    """What has no timer: nothing would happen by waiting."""


def item_ages(account: LocalAccount, where: TimerTable, name: str, by: timedelta) -> None:
    """One item. Raises NothingToWaitForError."""
    dynamodb = account.client("dynamodb")
    table, key = account.physical(where.table), {where.key: {"S": name}}
    item = dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True).get("Item", {})
    if "next_check_at" not in item or not _set_back(dynamodb, table, where.key, item, by):
        raise NothingToWaitForError(f"{name} has no timer: nothing would happen by waiting")


def everything_ages(account: LocalAccount, by: timedelta) -> int:
    """Every unfinished order, e-meterai and refund; answers how many."""
    dynamodb = account.client("dynamodb")
    aged = 0
    for where in (ORDERS, SERIALS, REFUNDS):
        table = account.physical(where.table)
        for item in _unfinished(dynamodb, table):
            aged += _set_back(dynamodb, table, where.key, item, by)
    return aged


def _unfinished(dynamodb: Any, table: str) -> Iterator[dict[str, Any]]:
    pages = dynamodb.get_paginator("scan").paginate(
        TableName=table, FilterExpression="attribute_exists(next_check_at)", ConsistentRead=True
    )
    for page in pages:
        yield from page["Items"]


def _set_back(dynamodb: Any, table: str, key: str, item: Any, by: timedelta) -> bool:
    """False: its timer has moved or gone since it was read. A finished item is given none."""
    found = [one for one in _TIMES if one in item]
    try:
        dynamodb.update_item(
            TableName=table,
            Key={key: item[key]},
            UpdateExpression="SET " + ", ".join(f"#{one} = :{one}" for one in found),
            ConditionExpression="#next_check_at = :as_read",
            ExpressionAttributeNames={f"#{one}": one for one in found},
            ExpressionAttributeValues={
                ":as_read": item["next_check_at"],
                **{f":{one}": attribute_of(time(item, one) - by) for one in found},
            },
        )
    except dynamodb.exceptions.ConditionalCheckFailedException:
        return False
    return True
