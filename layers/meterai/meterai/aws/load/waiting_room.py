"""The waiting room in DynamoDB: one item an account, under its pseudonym."""

import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.tables.attributes import SCHEMA_VERSION, Item, item_of, maybe_text, time
from meterai.aws.tables.conditional_writes import ConditionFailed, Update, all_of, write
from meterai.domain.id_derivation import OrderId
from meterai.domain.waiting.tickets import QueueTicket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SHARDS = 16  # of the index by time: 16 x 1,000 tickets a second
IN_TIME = "issue_shard = :shard AND issued_at BETWEEN :first AND :last"
KEEP_FOR = timedelta(days=2)  # then DynamoDB deletes it

# The conditions of the writes.
TAKE_IF = (
    "(attribute_not_exists(#issued_at) OR #issued_at <= :over OR attribute_exists(#used_by))",
)
USE_IF = ("#issued_at = :issued", "(attribute_not_exists(#used_by) OR #used_by = :order)")
RELEASE_IF = ("#used_by = :order",)


@dataclass(frozen=True, slots=True)
class DynamoWaitingRoom:
    """Table: key `account`, time to live `expires_at`; index `by_issue` (`issue_shard`,
    `issued_at`), KEYS_ONLY."""

    client: "DynamoDBClient"
    table: str
    pseudonym: Callable[[str], str]

    def take(self, ticket: QueueTicket, over: datetime) -> QueueTicket:
        """2 write units for the first, 3 for one that replaces another, 1 where one is valid."""
        name = self.pseudonym(ticket.account)
        change = Update(
            self.table,
            item_of({"account": name}),
            all_of(TAKE_IF),
            sets={
                **SCHEMA_VERSION,
                "issued_at": ticket.issued_at,
                "issue_shard": zlib.crc32(name.encode()) % SHARDS,
                "expires_at": round((ticket.issued_at + KEEP_FOR).timestamp()),
            },
            removes=("used_by",),
            given={"over": over},
        )
        try:
            return _ticket(ticket.account, write(self.client, change))
        except ConditionFailed as refused:
            item = refused.items[0]
            return ticket if item is None else _ticket(ticket.account, item)

    def use(self, ticket: QueueTicket, order_id: OrderId) -> bool:
        """1 write unit."""
        change = Update(
            self.table,
            item_of({"account": self.pseudonym(ticket.account)}),
            all_of(USE_IF),
            sets={"used_by": order_id},
            given={"issued": ticket.issued_at, "order": order_id},
        )
        try:
            write(self.client, change)
        except ConditionFailed:
            return False
        return True

    def release(self, account: str, order_id: OrderId) -> None:
        """1 write unit."""
        change = Update(
            self.table,
            item_of({"account": self.pseudonym(account)}),
            all_of(RELEASE_IF),
            removes=("used_by",),
            given={"order": order_id},
        )
        with suppress(ConditionFailed):
            write(self.client, change)

    def issued(self, after: datetime, until: datetime) -> int:
        """16 queries; half a read unit for each forty tickets."""
        if until <= after:
            return 0
        return sum(self._issued_in(shard, after, until) for shard in range(SHARDS))

    def _issued_in(self, shard: int, after: datetime, until: datetime) -> int:
        pages = iter(
            self.client.get_paginator("query").paginate(
                TableName=self.table,
                IndexName="by_issue",
                Select="COUNT",
                KeyConditionExpression=IN_TIME,
                ExpressionAttributeValues=item_of(
                    {
                        ":shard": shard,
                        ":first": after + timedelta(microseconds=1),
                        ":last": until,
                    }
                ),
            )
        )
        counted = 0
        while True:
            with translate_aws_errors("dynamodb"):
                page = next(pages, None)
            if page is None:
                return counted
            counted += page["Count"]


def _ticket(account: str, item: Item) -> QueueTicket:
    used_by = maybe_text(item, "used_by")
    return QueueTicket(
        account, time(item, "issued_at"), None if used_by is None else OrderId(used_by)
    )
