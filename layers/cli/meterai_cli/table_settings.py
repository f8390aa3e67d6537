"""What a restored table has by itself, and what it has to be given.

Keys, indexes, capacity and encryption come from the source; alarms, IAM policies, tags, streams,
time to live and point-in-time recovery do not
(https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_RestoreTableToPointInTime.html),
nor does deletion protection, and warm throughput is to be looked at
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-pitr-recovery-table-restore.html).
Alarms and policies name a table by its name, which it keeps (functions/RUNBOOK.md).
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def not_alike(client: "DynamoDBClient", source: str, restored: str) -> Iterator[str]:
    """Keys and indexes that differ."""
    was, is_now = (client.describe_table(TableName=name)["Table"] for name in (source, restored))
    if _keys(was) != _keys(is_now):
        yield f"its key is {_keys(is_now)}, not {_keys(was)}"
    for name in sorted(_indexes(was).items() ^ _indexes(is_now).items()):
        yield f"its index {name[0]} differs"


def to_be_set(client: "DynamoDBClient", source: str, restored: str) -> Iterator[str]:
    """The commands that give the restored table what the live one has."""
    for setting, command in _COMMANDS.items():
        wanted, has = (_SETTINGS[setting](client, name) for name in (source, restored))
        if wanted and wanted != has:
            yield command.format(name=restored, wanted=wanted, arn=_arn(client, restored))


def _keys(table: Any) -> list[str]:
    return [f"{key['AttributeName']} {key['KeyType']}" for key in table["KeySchema"]]


def _indexes(table: Any) -> dict[str, str]:
    return {
        index["IndexName"]: f"{_keys(index)} {index['Projection'].get('ProjectionType')}"
        for index in table.get("GlobalSecondaryIndexes", [])
    }


def _arn(client: "DynamoDBClient", name: str) -> str:
    return client.describe_table(TableName=name)["Table"]["TableArn"]


def _recovery(client: "DynamoDBClient", name: str) -> str:
    told = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    on = told.get("PointInTimeRecoveryDescription", {}).get("PointInTimeRecoveryStatus")
    return "true" if on == "ENABLED" else ""


def _protection(client: "DynamoDBClient", name: str) -> str:
    table = client.describe_table(TableName=name)["Table"]
    return "true" if table.get("DeletionProtectionEnabled") else ""


def _time_to_live(client: "DynamoDBClient", name: str) -> str:
    told = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return told.get("AttributeName", "") if told.get("TimeToLiveStatus") == "ENABLED" else ""


def _tags(client: "DynamoDBClient", name: str) -> str:
    """Those of CloudFormation itself cannot be set by hand."""
    pages = client.get_paginator("list_tags_of_resource").paginate(ResourceArn=_arn(client, name))
    tags = [tag for page in pages for tag in page["Tags"] if not tag["Key"].startswith("aws:")]
    return json.dumps(sorted(tags, key=lambda tag: tag["Key"])) if tags else ""


def _stream(client: "DynamoDBClient", name: str) -> str:
    stream = client.describe_table(TableName=name)["Table"].get("StreamSpecification", {})
    return str(stream.get("StreamViewType", "")) if stream.get("StreamEnabled") else ""


_SETTINGS = {
    "recovery": _recovery,
    "protection": _protection,
    "time to live": _time_to_live,
    "tags": _tags,
    "stream": _stream,
}
_COMMANDS = {
    "recovery": "aws dynamodb update-continuous-backups --table-name {name} "
    "--point-in-time-recovery-specification PointInTimeRecoveryEnabled={wanted}",
    "protection": "aws dynamodb update-table --table-name {name} --deletion-protection-enabled",
    "time to live": "aws dynamodb update-time-to-live --table-name {name} "
    "--time-to-live-specification Enabled=true,AttributeName={wanted}",
    "tags": "aws dynamodb tag-resource --resource-arn {arn} --tags '{wanted}'",
    "stream": "aws dynamodb update-table --table-name {name} "
    "--stream-specification StreamEnabled=true,StreamViewType={wanted}",
}
