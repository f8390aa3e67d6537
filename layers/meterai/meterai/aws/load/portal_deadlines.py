"""The deadlines that portals reported, in DynamoDB: one item a portal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.tables.attributes import SCHEMA_VERSION, Item, item_of, maybe_time, text, time
from meterai.aws.tables.conditional_writes import ConditionFailed, Update, all_of, write
from meterai.aws.tables.item_reads import get_items
from meterai.domain.waiting.deadlines import Deadline

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# The condition of the write. `told_at` is the stored name of `reported_at`.
PUT_IF = ("(attribute_not_exists(#told_at) OR #told_at <= :told_at)",)


@dataclass(frozen=True, slots=True)
class DynamoPortalDeadlines:
    """Table: key `portal`. An item stays when its deadline is removed, so that an earlier report
    that arrives late does not bring it back."""

    client: "DynamoDBClient"
    table: str
    portals: Sequence[str]  # all that are configured

    def put(self, deadline: Deadline) -> Deadline:
        """1 write unit."""
        values = {
            "deadline_at": deadline.deadline_at,
            "honours": 1 if deadline.honours_receipts else None,
            "told_at": deadline.reported_at,
        }
        change = Update(
            self.table,
            item_of({"portal": deadline.portal}),
            all_of(PUT_IF),
            sets=SCHEMA_VERSION
            | {name: value for name, value in values.items() if value is not None},
            removes=[name for name, value in values.items() if value is None],
            given={"told_at": deadline.reported_at},
        )
        try:
            return _deadline(write(self.client, change))
        except ConditionFailed as refused:
            item = refused.items[0]
            return deadline if item is None else _deadline(item)

    def all(self) -> Sequence[Deadline]:
        """1 read unit a portal, in one call for up to a hundred."""
        items = get_items(self.client, self.table, "portal", self.portals)
        return [one for one in map(_deadline, items.values()) if one.deadline_at is not None]


def _deadline(item: Item) -> Deadline:
    return Deadline(
        portal=text(item, "portal"),
        deadline_at=maybe_time(item, "deadline_at"),
        honours_receipts="honours" in item,
        reported_at=time(item, "told_at"),
    )
