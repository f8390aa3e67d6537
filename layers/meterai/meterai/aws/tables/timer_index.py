"""The timers of one table: what is due, oldest first, and a timer moved forward."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.tables.attributes import item_of, maybe_time
from meterai.aws.tables.conditional_writes import ConditionFailed, Update, all_of, write
from meterai.domain.timers import TIMER_SHARDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PAGE_SIZE = 100  # entries of a shard per read; the next page is read when these are done

# What the write asks of the item as it is then.
MOVE_IF = ("#next_check_at = :seen",)


@dataclass(frozen=True, slots=True)
class DynamoTimerIndex:
    """`key` is the table's key attribute; the index is `by_next_check` (`timer_shard`,
    `next_check_at`)."""

    client: "DynamoDBClient"
    table: str
    key: str

    def due(self, now: datetime) -> Iterator[str]:
        """Oldest first over all shards. Reads only as far as the caller does; what the caller
        has moved meanwhile does not come again."""
        shards = (self._due_in(shard, now) for shard in range(TIMER_SHARDS))
        return (item_id for _, item_id in heapq.merge(*shards))

    def move(self, item_id: str, seen: datetime, to: datetime) -> bool:
        """3 write units: the item, and its entry taken out and put in. True also where it is at
        `to` already: an earlier try whose answer was lost."""
        change = Update(
            self.table,
            item_of({self.key: item_id}),
            all_of(MOVE_IF),
            sets={"next_check_at": to},
            given={"seen": seen},
        )
        try:
            write(self.client, change)
        except ConditionFailed as refused:
            item = refused.items[0]
            return item is not None and maybe_time(item, "next_check_at") == to
        return True

    def _due_in(self, shard: int, now: datetime) -> Iterator[tuple[str, str]]:
        """(next_check_at, id) of one shard, oldest first."""
        pages = iter(
            self.client.get_paginator("query").paginate(
                TableName=self.table,
                IndexName="by_next_check",
                KeyConditionExpression="timer_shard = :shard AND next_check_at <= :now",
                ExpressionAttributeValues=item_of({":shard": shard, ":now": now}),
                PaginationConfig={"PageSize": PAGE_SIZE},
            )
        )
        while True:
            with translate_aws_errors("dynamodb"):
                page = next(pages, None)
            if page is None:
                return
            for item in page["Items"]:
                yield item["next_check_at"]["S"], item[self.key]["S"]
