"""A bucket's rules: from CloudFormation's spelling to the S3 API's. They differ in every rule."""

from typing import Any

from tests.local.declaration import Declaration


def encryption(bucket: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    rules = []
    for rule in wanted["ServerSideEncryptionConfiguration"]:
        bucket.expect_keys(
            "BucketEncryption", rule, {"ServerSideEncryptionByDefault", "BucketKeyEnabled"}
        )
        translated = {"ApplyServerSideEncryptionByDefault": rule["ServerSideEncryptionByDefault"]}
        if "BucketKeyEnabled" in rule:
            translated["BucketKeyEnabled"] = rule["BucketKeyEnabled"]
        rules.append(translated)
    return {"Rules": rules}


def lifecycle(bucket: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    return {"Rules": [_lifecycle_rule(bucket, rule) for rule in wanted["Rules"]]}


def _lifecycle_rule(bucket: Declaration, rule: dict[str, Any]) -> dict[str, Any]:
    bucket.expect_keys(
        "LifecycleConfiguration.Rules",
        rule,
        {
            "AbortIncompleteMultipartUpload",
            "ExpirationInDays",
            "ExpiredObjectDeleteMarker",
            "Id",
            "NoncurrentVersionExpiration",
            "Prefix",
            "Status",
            "TagFilters",
            "Transitions",
        },
    )
    translated: dict[str, Any] = {"Status": rule["Status"], "Filter": _lifecycle_filter(rule)}
    for source, target in (
        ("Id", "ID"),
        ("AbortIncompleteMultipartUpload", "AbortIncompleteMultipartUpload"),
        ("NoncurrentVersionExpiration", "NoncurrentVersionExpiration"),
    ):
        if source in rule:
            translated[target] = rule[source]
    if "ExpirationInDays" in rule:
        translated["Expiration"] = {"Days": int(rule["ExpirationInDays"])}
    elif "ExpiredObjectDeleteMarker" in rule:
        translated["Expiration"] = {"ExpiredObjectDeleteMarker": rule["ExpiredObjectDeleteMarker"]}
    if "Transitions" in rule:
        translated["Transitions"] = [
            {"StorageClass": step["StorageClass"], "Days": int(step["TransitionInDays"])}
            for step in rule["Transitions"]
        ]
    return translated


def _lifecycle_filter(rule: dict[str, Any]) -> dict[str, Any]:
    prefix, tags = rule.get("Prefix"), rule.get("TagFilters", [])
    if not tags:
        return {"Prefix": prefix or ""}
    if len(tags) == 1 and prefix is None:
        return {"Tag": tags[0]}
    return {"And": {"Tags": tags, **({"Prefix": prefix} if prefix is not None else {})}}


def cors(bucket: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    names = {
        "AllowedHeaders": "AllowedHeaders",
        "AllowedMethods": "AllowedMethods",
        "AllowedOrigins": "AllowedOrigins",
        "ExposedHeaders": "ExposeHeaders",
        "Id": "ID",
        "MaxAge": "MaxAgeSeconds",
    }
    for rule in wanted["CorsRules"]:
        bucket.expect_keys("CorsConfiguration.CorsRules", rule, set(names))
    return {
        "CORSRules": [
            {names[key]: value for key, value in rule.items()} for rule in wanted["CorsRules"]
        ]
    }


def notifications(bucket: Declaration, wanted: dict[str, Any]) -> dict[str, Any]:
    """Topics and queues. Lambda configurations are not handled: a SAM event does the same."""
    kinds = {
        "TopicConfigurations": ("Topic", "TopicArn"),
        "QueueConfigurations": ("Queue", "QueueArn"),
    }
    bucket.expect_keys("NotificationConfiguration", wanted, set(kinds))
    return {
        kind: [
            {
                target_arn: rule[target],
                "Events": [rule["Event"]],
                **({"Filter": _notification_filter(rule["Filter"])} if "Filter" in rule else {}),
            }
            for rule in wanted[kind]
        ]
        for kind, (target, target_arn) in kinds.items()
        if kind in wanted
    }


def _notification_filter(wanted: dict[str, Any]) -> dict[str, Any]:
    rules = wanted["S3Key"]["Rules"]
    return {"Key": {"FilterRules": [{"Name": r["Name"], "Value": r["Value"]} for r in rules]}}
