"""DynamoDB tables."""

from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType


def _create_table(table: Declaration) -> Created:
    wanted, dynamodb = table.properties, table.place.client("dynamodb")
    name = table.name("TableName")
    request: dict[str, Any] = {
        key: wanted[key]
        for key in (
            "AttributeDefinitions",
            "BillingMode",
            "DeletionProtectionEnabled",
            "GlobalSecondaryIndexes",
            "KeySchema",
            "LocalSecondaryIndexes",
            "ProvisionedThroughput",
        )
        if key in wanted
    }
    if "GlobalSecondaryIndexes" in request:
        request["GlobalSecondaryIndexes"] = [
            _index(table, index) for index in request["GlobalSecondaryIndexes"]
        ]
    if "WarmThroughput" in wanted:
        request["WarmThroughput"] = _warm(table, wanted["WarmThroughput"])
    if "SSESpecification" in wanted:
        request["SSESpecification"] = _encryption(table, wanted["SSESpecification"])
    description = dynamodb.create_table(TableName=name, **request)["TableDescription"]
    if "TimeToLiveSpecification" in wanted:
        dynamodb.update_time_to_live(
            TableName=name, TimeToLiveSpecification=wanted["TimeToLiveSpecification"]
        )
    if "PointInTimeRecoverySpecification" in wanted:
        dynamodb.update_continuous_backups(
            TableName=name,
            PointInTimeRecoverySpecification=wanted["PointInTimeRecoverySpecification"],
        )
    return Created(ref=name, attributes={"Arn": description["TableArn"]})


def _index(table: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    known = {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput", "WarmThroughput"}
    table.expect_keys("GlobalSecondaryIndexes", wanted, known)
    if "WarmThroughput" not in wanted:
        return wanted
    return {**wanted, "WarmThroughput": _warm(table, wanted["WarmThroughput"])}


def _warm(table: Declaration, wanted: dict[str, Any]) -> dict[str, int]:
    """Recorded (ministack does not keep a table's) and without effect: partitions are not
    modelled. A parameter is text, and the API takes numbers."""
    table.expect_keys("WarmThroughput", wanted, {"ReadUnitsPerSecond", "WriteUnitsPerSecond"})
    return {name: int(value) for name, value in wanted.items()}


def _encryption(table: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation's `SSEEnabled` is the API's `Enabled`."""
    names = {"SSEEnabled": "Enabled", "SSEType": "SSEType", "KMSMasterKeyId": "KMSMasterKeyId"}
    table.expect_keys("SSESpecification", wanted, set(names))
    return {names[key]: value for key, value in wanted.items()}


TYPES = (
    ResourceType(
        name="AWS::DynamoDB::Table",
        applied=frozenset(
            {
                "AttributeDefinitions",
                "BillingMode",
                "DeletionProtectionEnabled",
                "GlobalSecondaryIndexes",
                "KeySchema",
                "LocalSecondaryIndexes",
                "PointInTimeRecoverySpecification",
                "ProvisionedThroughput",
                "SSESpecification",
                "TableName",
                "TimeToLiveSpecification",
                "WarmThroughput",
            }
        ),
        accepted={
            "ContributorInsightsSpecification": "an operator's view; nothing reads it here",
            "OnDemandThroughput": "a cap on cost; one machine never reaches it",
            "Tags": NO_BILLING,
        },
        create=_create_table,
    ),
)
