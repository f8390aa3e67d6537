"""SQS queues and their policies."""

import json
from typing import Any

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType

_ATTRIBUTES = frozenset(
    {
        "ContentBasedDeduplication",
        "DeduplicationScope",
        "DelaySeconds",
        "FifoQueue",
        "FifoThroughputLimit",
        "KmsDataKeyReusePeriodSeconds",
        "KmsMasterKeyId",
        "MaximumMessageSize",
        "MessageRetentionPeriod",
        "ReceiveMessageWaitTimeSeconds",
        "RedriveAllowPolicy",
        "RedrivePolicy",
        "SqsManagedSseEnabled",
        "VisibilityTimeout",
    }
)


def _create_queue(queue: Declaration) -> Created:
    sqs = queue.place.client("sqs")
    name = queue.name("QueueName")
    if queue.properties.get("FifoQueue") and not name.endswith(".fifo"):
        name += ".fifo"
    attributes = {
        key: as_attribute(value) for key, value in queue.properties.items() if key in _ATTRIBUTES
    }
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = queue.place.arn("sqs", name)
    return Created(ref=url, attributes={"Arn": arn, "QueueName": name, "QueueUrl": url})


def as_attribute(value: Any) -> str:
    """SQS and SNS attributes are strings: JSON for a document, `true`, or the number."""
    if isinstance(value, bool | dict | list):
        return json.dumps(value)
    return str(value)


def _create_queue_policy(policy: Declaration) -> Created:
    document = json.dumps(policy.properties["PolicyDocument"])
    for url in policy.properties["Queues"]:
        policy.place.client("sqs").set_queue_attributes(
            QueueUrl=url, Attributes={"Policy": document}
        )
    return Created(ref=policy.name("PolicyName"))


TYPES = (
    ResourceType(
        name="AWS::SQS::Queue",
        applied=_ATTRIBUTES | {"QueueName"},
        accepted={"Tags": NO_BILLING},
        create=_create_queue,
    ),
    ResourceType(
        name="AWS::SQS::QueuePolicy",
        applied=frozenset({"PolicyDocument", "Queues"}),
        accepted={},
        create=_create_queue_policy,
    ),
)
