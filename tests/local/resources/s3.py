"""S3 buckets and their policies."""

import json
from typing import TYPE_CHECKING, Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType
from tests.local.errors import TemplateError
from tests.local.policies import Access, allows
from tests.local.resources.s3_rules import cors, encryption, lifecycle, notifications

if TYPE_CHECKING:
    from collections.abc import Callable


def _create_bucket(bucket: Declaration) -> Created:
    s3 = bucket.place.client("s3")
    name = bucket.name("BucketName").lower()
    s3.create_bucket(
        Bucket=name,
        CreateBucketConfiguration={"LocationConstraint": bucket.place.region},
        ObjectLockEnabledForBucket=bool(bucket.properties.get("ObjectLockEnabled", False)),
    )
    # The order matters once: a notification is set last, because it sends s3:TestEvent at once.
    steps: dict[str, Callable[[Any], Any]] = {
        "OwnershipControls": lambda wanted: s3.put_bucket_ownership_controls(
            Bucket=name, OwnershipControls=wanted
        ),
        "PublicAccessBlockConfiguration": lambda wanted: s3.put_public_access_block(
            Bucket=name, PublicAccessBlockConfiguration=wanted
        ),
        "VersioningConfiguration": lambda wanted: s3.put_bucket_versioning(
            Bucket=name, VersioningConfiguration=wanted
        ),
        "BucketEncryption": lambda wanted: s3.put_bucket_encryption(
            Bucket=name, ServerSideEncryptionConfiguration=encryption(bucket, wanted)
        ),
        "LifecycleConfiguration": lambda wanted: s3.put_bucket_lifecycle_configuration(
            Bucket=name, LifecycleConfiguration=lifecycle(bucket, wanted)
        ),
        "CorsConfiguration": lambda wanted: s3.put_bucket_cors(
            Bucket=name, CORSConfiguration=cors(bucket, wanted)
        ),
        "NotificationConfiguration": lambda wanted: s3.put_bucket_notification_configuration(
            Bucket=name, NotificationConfiguration=notifications(bucket, wanted)
        ),
    }
    for one in bucket.properties.get("NotificationConfiguration", {}).get(
        "TopicConfigurations", ()
    ):
        _check_that_s3_may_publish(bucket, name, one["Topic"])
    for property_name, step in steps.items():
        if property_name in bucket.properties:
            step(bucket.properties[property_name])
    region = bucket.place.region
    return Created(
        ref=name,
        attributes={
            "Arn": f"arn:aws:s3:::{name}",
            "DomainName": f"{name}.s3.amazonaws.com",
            "RegionalDomainName": f"{name}.s3.{region}.amazonaws.com",
        },
    )


def _check_that_s3_may_publish(bucket: Declaration, name: str, topic: str) -> None:
    """S3 makes no bucket whose topic does not let it publish; moto would publish anyway.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html
    """
    attributes = bucket.place.client("sns").get_topic_attributes(TopicArn=topic)["Attributes"]
    publish = Access(
        action="sns:Publish",
        resource=topic,
        service="s3.amazonaws.com",
        context={
            "aws:SecureTransport": "true",
            "aws:SourceAccount": bucket.place.account_id,
            "aws:SourceArn": f"arn:aws:s3:::{name}",
        },
    )
    if not allows(json.loads(attributes["Policy"])["Statement"], publish):
        raise TemplateError(
            f"{bucket.logical_id}: S3 may not publish to {topic}; it needs its policy first"
        )


def _create_bucket_policy(policy: Declaration) -> Created:
    """Set without the statements that have a condition.

    moto denies by action and resource and ignores conditions: a statement that refuses plain HTTP
    on AWS would refuse every request there.
    """
    bucket, document = policy.properties["Bucket"], policy.properties["PolicyDocument"]
    statements = [s for s in document["Statement"] if "Condition" not in s]
    if statements:
        policy.place.client("s3").put_bucket_policy(
            Bucket=bucket, Policy=json.dumps({**document, "Statement": statements})
        )
    return Created(ref=bucket)


TYPES = (
    ResourceType(
        name="AWS::S3::Bucket",
        applied=frozenset(
            {
                "BucketEncryption",
                "BucketName",
                "CorsConfiguration",
                "LifecycleConfiguration",
                "NotificationConfiguration",
                "ObjectLockEnabled",
                "OwnershipControls",
                "PublicAccessBlockConfiguration",
                "VersioningConfiguration",
            }
        ),
        accepted={
            "IntelligentTieringConfigurations": "saves cost; there is none here",
            "LoggingConfiguration": "access logs are delivered by AWS hours later, if at all",
            "MetricsConfigurations": "an operator's view; nothing reads it here",
            "Tags": NO_BILLING,
        },
        create=_create_bucket,
    ),
    ResourceType(
        name="AWS::S3::BucketPolicy",
        applied=frozenset({"Bucket", "PolicyDocument"}),
        accepted={},
        create=_create_bucket_policy,
    ),
)
