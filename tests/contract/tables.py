"""The tables with the keys and indexes that `template.yaml` declares, created on any endpoint."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.contract.made_once import made_once
from tests.local.template import read_template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
COPIED_PROPERTIES = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")


class Tables:
    """Table names. Each table is created when its name is first read: most tests need two of
    them."""

    def __init__(self, client: "DynamoDBClient", prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    @made_once
    def orders(self) -> str:
        return self._make("OrdersTable")

    @made_once
    def payments(self) -> str:
        return self._make("PaymentsTable")

    @made_once
    def serials(self) -> str:
        return self._make("SerialsTable")

    @made_once
    def refunds(self) -> str:
        return self._make("RefundsTable")

    @made_once
    def waiting_room(self) -> str:
        return self._make("WaitingRoomTable")

    @made_once
    def load_status(self) -> str:
        return self._make("LoadStatusTable")

    @made_once
    def portals(self) -> str:
        return self._make("PortalsTable")

    @made_once
    def drafts(self) -> str:
        return self._make("DraftsTable")

    @made_once
    def notifications(self) -> str:
        return self._make("NotificationsTable")

    def all(self) -> tuple[str, ...]:
        """Creates all of them, for tests that count or disturb later calls."""
        return (
            *(self.orders, self.payments, self.serials, self.refunds),
            *(self.waiting_room, self.load_status, self.portals, self.drafts),
            self.notifications,
        )

    def _make(self, logical_id: str) -> str:
        name = self._prefix + logical_id
        self._client.create_table(TableName=name, **declared()[logical_id])
        return name


@cache
def declared() -> dict[str, Any]:
    tables = {
        logical_id: resource.properties
        for logical_id, resource in read_template(TEMPLATE).resources.items()
        if resource.type == "AWS::DynamoDB::Table"
    }
    return {
        logical_id: {
            key: _without_throughput(declared[key]) for key in COPIED_PROPERTIES if key in declared
        }
        for logical_id, declared in tables.items()
    }


def _without_throughput(value: Any) -> Any:
    """Leaves out the warm throughput of indexes, which is a parameter of the template."""
    if not isinstance(value, list):
        return value
    return [{key: one[key] for key in one if key != "WarmThroughput"} for one in value]
