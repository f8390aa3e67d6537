"""Items by their keys, with consistent reads."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from meterai.aws.errors import pause, translate_aws_errors
from meterai.aws.tables.attributes import Item, item_of
from meterai.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_BATCH = 100  # what BatchGetItem takes at once
MAX_TRIES = 5


def get_item(client: "DynamoDBClient", table: str, key: Mapping[str, str]) -> Item | None:
    """Raises Unavailable."""
    with translate_aws_errors("dynamodb"):
        answer = client.get_item(TableName=table, Key=item_of(key), ConsistentRead=True)
    return answer.get("Item")


def get_items(
    client: "DynamoDBClient", table: str, key: str, ids: Sequence[str]
) -> dict[str, Item]:
    """The items that there are, by id. Raises Unavailable."""
    found: dict[str, Item] = {}
    wanted = list(dict.fromkeys(ids))  # the same key twice is refused
    for start in range(0, len(wanted), MAX_BATCH):
        found |= _get_batch(client, table, key, wanted[start : start + MAX_BATCH])
    return found


def _get_batch(
    client: "DynamoDBClient", table: str, key: str, ids: Sequence[str]
) -> dict[str, Item]:
    """Asks again for what the service left out because it was throttled."""
    found: dict[str, Item] = {}
    keys = [item_of({key: one}) for one in ids]
    for tried in range(MAX_TRIES):
        with translate_aws_errors("dynamodb"):
            answer = client.batch_get_item(
                RequestItems={table: {"Keys": keys, "ConsistentRead": True}}
            )
        found |= {item[key]["S"]: item for item in answer["Responses"].get(table, [])}
        undone = answer.get("UnprocessedKeys", {}).get(table)
        if not undone:
            return found
        keys = undone["Keys"]
        pause(tried)
    raise Unavailable(party="dynamodb", reason="unprocessed_keys")
