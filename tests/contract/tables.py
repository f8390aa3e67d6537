"""The four tables, as `template.yaml` declares their keys and indexes, made on any endpoint."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.local.template import read_template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TEMPLATE = Path(__file__).parents[2] / "template.yaml"
TAKEN_OVER = ("AttributeDefinitions", "BillingMode", "GlobalSecondaryIndexes", "KeySchema")


@dataclass(frozen=True, slots=True)
class Tables:
    """Table names."""

    orders: str
    payments: str
    serials: str
    refunds: str
    places: str
    flow: str
    portals: str


def make_tables(client: "DynamoDBClient", prefix: str) -> Tables:
    for logical_id, declared in _declared().items():
        client.create_table(TableName=prefix + logical_id, **declared)
    return Tables(
        prefix + "OrdersTable",
        prefix + "PaymentsTable",
        prefix + "SerialsTable",
        prefix + "RefundsTable",
        prefix + "PlacesTable",
        prefix + "FlowTable",
        prefix + "PortalsTable",
    )


@cache
def _declared() -> dict[str, Any]:
    tables = {
        logical_id: resource.properties
        for logical_id, resource in read_template(TEMPLATE).resources.items()
        if resource.type == "AWS::DynamoDB::Table"
    }
    return {
        logical_id: {key: _cold(declared[key]) for key in TAKEN_OVER if key in declared}
        for logical_id, declared in tables.items()
    }


def _cold(value: Any) -> Any:
    """Without what is a parameter of the template: how warm indexes are."""
    if not isinstance(value, list):
        return value
    return [{key: one[key] for key in one if key != "WarmThroughput"} for one in value]
