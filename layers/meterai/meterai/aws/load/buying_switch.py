"""The switch by which an operator stops selling: an item in the table of the load's status."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.tables.attributes import item_of, new_item

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEY = {"flow": "switch", "at": "buying"}


@dataclass(frozen=True, slots=True)
class DynamoBuyingSwitch:
    """Table: key `flow`, `at`."""

    client: "DynamoDBClient"
    table: str

    def is_off(self) -> bool:
        """Half a read unit. Where there is no item, nobody has turned it."""
        with translate_aws_errors("dynamodb"):
            answer = self.client.get_item(TableName=self.table, Key=item_of(KEY))
        return "off" in answer.get("Item", {})

    def turn(self, *, off: bool, by: str, reason: str, now: datetime) -> None:
        """1 write unit."""
        turned = {"off": 1 if off else None, "by": by, "reason": reason, "turned_at": now}
        with translate_aws_errors("dynamodb"):
            self.client.put_item(TableName=self.table, Item=new_item({**KEY, **turned}))
