"""Tables, bucket, topic and secrets: protected against loss, change and disclosure."""

from typing import Any

import pytest

from tests.integration.template.declared import (
    ROOT,
    TEMPLATE,
    Statement,
    default_of,
    functions,
    of_type,
    statements,
    text,
)
from tests.local.loops import expand_loops
from tests.local.template import read_document

TABLES = of_type("AWS::DynamoDB::Table")
PLAIN_HTTP = {"Bool": {"aws:SecureTransport": "false"}}

every_table = pytest.mark.parametrize("name", TABLES)


def kept() -> set[str]:
    document = expand_loops(read_document(ROOT / "template.yaml"))
    return {
        name
        for name, resource in document["Resources"].items()
        if resource.get("DeletionPolicy") == "RetainExceptOnCreate"
        and resource.get("UpdateReplacePolicy") == "Retain"
    }


def test_resources_with_data_are_kept_when_the_stack_is_deleted() -> None:
    """Not when its creation failed: then there is no data, and what is kept would be in the way."""
    assert kept() == {
        *TABLES,
        "AccountKey",
        "BackupVault",
        "DocumentsBucket",
        "IdentitySecret",
        "ReceiptRootKey",
        "SecondSigningKey",
        "SigningKey",
        "OperatorPool",
        "UserPool",
    }


@every_table
def test_a_table_is_on_demand_restorable_protected_and_encrypted(name: str) -> None:
    properties = TABLES[name].properties
    assert properties["BillingMode"] == "PAY_PER_REQUEST"
    assert properties["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert properties["DeletionProtectionEnabled"] is True
    assert properties["SSESpecification"] == {"SSEEnabled": True}


@every_table
def test_a_table_and_its_indexes_can_be_warmed_for_an_announced_day(name: str) -> None:
    """By parameters, whose defaults equal a new on-demand table and cost nothing."""
    properties = TABLES[name].properties
    places = [properties, *properties.get("GlobalSecondaryIndexes", [])]
    asked = [{unit: text(value) for unit, value in p["WarmThroughput"].items()} for p in places]
    assert asked == [asked[0]] * len(places), "a slower index slows its table down"
    for unit, least in (("ReadUnitsPerSecond", 12_000), ("WriteUnitsPerSecond", 4_000)):
        parameter = TEMPLATE.parameters[asked[0][unit]]
        assert (parameter["Default"], parameter["MinValue"]) == (least, least)


def keys(schema: list[dict[str, str]]) -> list[str]:
    return [f"{key['AttributeName']} {key['KeyType']}" for key in schema]


def indexes(properties: dict[str, Any]) -> dict[str, list[str]]:
    declared = properties.get("GlobalSecondaryIndexes", [])
    assert [i for i in declared if i["Projection"] != {"ProjectionType": "KEYS_ONLY"}] == []
    return {index["IndexName"]: keys(index["KeySchema"]) for index in declared}


def test_the_keys_of_the_tables() -> None:
    by_next_check = {"by_next_check": ["timer_shard HASH", "next_check_at RANGE"]}
    by_account = {"by_account": ["account HASH", "created_at RANGE"]}
    assert {
        name: (keys(table.properties["KeySchema"]), indexes(dict(table.properties)))
        for name, table in TABLES.items()
    } == {
        "OrdersTable": (["order_id HASH"], by_account | by_next_check),
        "PaymentsTable": (
            ["order_id HASH", "payment_id RANGE"],
            {"by_day": ["day_shard HASH", "settled_at RANGE"]},
        ),
        "SerialsTable": (["serial HASH"], by_next_check),
        "RefundsTable": (["refund_id HASH"], by_next_check),
        "LoadStatusTable": (["flow HASH", "at RANGE"], {}),
        "WaitingRoomTable": (
            ["account HASH"],
            {"by_issue": ["issue_shard HASH", "issued_at RANGE"]},
        ),
        "PortalsTable": (["portal HASH"], {}),
        "DraftsTable": (["account HASH", "draft_id RANGE"], {}),
        "NotificationsTable": (["id HASH"], {}),
    }


def test_every_bucket_is_closed_encrypted_versioned_and_tidied() -> None:
    for bucket in of_type("AWS::S3::Bucket").values():
        properties = bucket.properties
        assert properties["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }
        assert properties["OwnershipControls"]["Rules"] == [
            {"ObjectOwnership": "BucketOwnerEnforced"}
        ]
        (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
        assert properties["LifecycleConfiguration"]["Rules"]


def test_only_uploaded_files_and_what_was_made_of_them_expire() -> None:
    rules = TEMPLATE.resources["DocumentsBucket"].properties["LifecycleConfiguration"]["Rules"]
    foreign = ["documents/", "incoming/", "repaired/", "gateway-records/"]
    assert [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule] == foreign
    assert [r["Prefix"] for r in rules if "NoncurrentVersionExpiration" in r] == foreign


def test_scripts_of_our_own_pages_and_of_named_others_may_upload_and_download() -> None:
    rules = TEMPLATE.resources["DocumentsBucket"].properties["CorsConfiguration"]["CorsRules"]
    own = TEMPLATE.resources["PagesFunction"].properties["Environment"]["Variables"]["PAGES_URL"]
    assert [rule["AllowedOrigins"] for rule in rules] == [
        [own],
        {"Fn::Split": [",", {"Ref": "CorsOrigins"}]},
    ]
    assert [rule["AllowedMethods"] for rule in rules] == [["GET", "POST"]] * 2


def test_stamped_files_alone_can_be_locked_so_that_uploads_expire() -> None:
    """A default of the bucket would lock uploads too, and a locked version is not deleted when it
    expires: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html."""
    properties = TEMPLATE.resources["DocumentsBucket"].properties
    assert properties["ObjectLockEnabled"] is True
    assert "ObjectLockConfiguration" not in properties
    assert properties["VersioningConfiguration"] == {"Status": "Enabled"}
    assert default_of("StampedFilesLockDays") == 0
    may_lock = {f.folder: f.may("s3:PutObjectRetention") for f in functions().values()}
    assert {folder: where for folder, where in may_lock.items() if where} == {
        "stamp": ["DocumentsBucket.Arn/stamped/*"],
        "augment": ["DocumentsBucket.Arn/preserved/*"],
    }


def test_every_bucket_refuses_plain_http_and_old_tls() -> None:
    policies = {
        text(policy.properties["Bucket"]): list(statements(policy.properties["PolicyDocument"]))
        for policy in of_type("AWS::S3::BucketPolicy").values()
    }
    assert set(policies) == set(of_type("AWS::S3::Bucket"))
    for bucket, declared in policies.items():
        whole = (f"{bucket}.Arn", f"{bucket}.Arn/*")
        for condition in (PLAIN_HTTP, {"NumericLessThan": {"s3:TlsVersion": "1.2"}}):
            assert Statement("Deny", "*", ("s3:*",), whole, condition) in declared


def test_a_stamped_or_augmented_file_or_an_audit_record_cannot_be_overwritten() -> None:
    policy = TEMPLATE.resources["DocumentsBucketPolicy"].properties["PolicyDocument"]
    assert Statement(
        "Deny",
        "*",
        ("s3:PutObject",),
        tuple(f"DocumentsBucket.Arn/{prefix}/*" for prefix in ("stamped", "preserved", "audit")),
        {"Null": {"s3:if-none-match": "true"}},
    ) in list(statements(policy))


def test_a_portal_reads_its_own_stamped_files_only() -> None:
    policy = TEMPLATE.resources["DocumentsBucketPolicy"].properties["PolicyDocument"]
    (allowed,) = (s for s in statements(policy) if s.effect == "Allow")
    assert allowed.actions == ("s3:GetObject",)
    assert allowed.resources == ("DocumentsBucket.Arn/stamped/PortalName/*",)
    assert "PortalAccountId" in str(allowed.principal)


def test_each_file_of_the_portal_notifies_its_topic_and_nothing_else_does() -> None:
    """The slash ends the name: `stamped/a/` is no prefix of `stamped/ab/`. S3 tries the topic when
    the bucket is made, so that the bucket refers to the topic's policy as well; `DependsOn` knows
    no conditions."""
    bucket = TEMPLATE.resources["DocumentsBucket"]
    has_portal, configured, _ = bucket.properties["NotificationConfiguration"]["Fn::If"]
    assert has_portal == TEMPLATE.resources["PortalTopic"].condition == "HasPortal"
    prefix = {"Name": "prefix", "Value": {"Fn::Sub": "stamped/${PortalName}/"}}
    assert configured == {
        "TopicConfigurations": [
            {
                "Event": "s3:ObjectCreated:*",
                "Topic": {
                    "Fn::Select": [0, [{"Ref": "PortalTopic"}, {"Ref": "PortalTopicPolicy"}]]
                },
                "Filter": {"S3Key": {"Rules": [prefix]}},
            }
        ]
    }


def test_a_portals_topic_is_found_by_its_name() -> None:
    assert TEMPLATE.resources["PortalTopic"].properties["TopicName"] == {
        "Fn::Sub": "${AWS::StackName}-portal-${PortalName}"
    }


def test_no_parameter_is_a_secret() -> None:
    """Secrets are in Secrets Manager: CloudFormation would show a parameter to anybody who may
    describe the stack, and put it into text where a quote in it changes the text's meaning."""
    assert [name for name, one in TEMPLATE.parameters.items() if "NoEcho" in one] == []
    secrets = of_type("AWS::SecretsManager::Secret")
    assert {name for name, one in secrets.items() if "${" in str(one.properties)} == set()
