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
    for index in request.get("GlobalSecondaryIndexes", ()):
        table.expect_keys(
            "GlobalSecondaryIndexes",
            index,
            {"IndexName", "KeySchema", "Projection", "ProvisionedThroughput"},
        )
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


def _encryption(table: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    """CloudFormation says `SSEEnabled` where the API says `Enabled`."""
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
            }
        ),
        accepted={
            "ContributorInsightsSpecification": "an operator's view; nothing reads it here",
            "OnDemandThroughput": "a cap on cost; one machine never reaches it",
            "Tags": NO_BILLING,
            "WarmThroughput": "partitions are not modelled here; capacity is simulated elsewhere",
        },
        create=_create_table,
    ),
)
