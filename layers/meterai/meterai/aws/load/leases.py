"""Leases in DynamoDB: one item for each task, in the table of the load's status."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.tables.attributes import SCHEMA_VERSION, NewItem, item_of
from meterai.aws.tables.conditional_writes import ConditionFailed, Update, all_of, write

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The conditions of the writes. The holder may take it again: an answer may be lost.
TAKE_IF = ("(attribute_not_exists(#ends_at) OR #ends_at <= :now OR #holder = :holder)",)
GIVE_BACK_IF = ("#holder = :holder",)


@dataclass(frozen=True, slots=True)
class DynamoLeases:
    """Table: key `flow`, `at`. The item of a task is written for ever again."""

    client: "DynamoDBClient"
    table: str

    def take(self, task: str, holder: str, now: datetime, until: datetime) -> bool:
        """1 write unit."""
        change = Update(
            self.table,
            _key(task),
            all_of(TAKE_IF),
            sets={**SCHEMA_VERSION, "holder": holder, "ends_at": until},
            given={"now": now, "holder": holder},
        )
        return self._write(change)

    def give_back(self, task: str, holder: str) -> None:
        """1 write unit."""
        self._write(
            Update(
                self.table,
                _key(task),
                all_of(GIVE_BACK_IF),
                removes=["holder", "ends_at"],
                given={"holder": holder},
            )
        )

    def _write(self, change: Update) -> bool:
        try:
            write(self.client, change)
        except ConditionFailed:
            return False
        return True


def _key(task: str) -> NewItem:
    return item_of({"flow": "lease", "at": task})
