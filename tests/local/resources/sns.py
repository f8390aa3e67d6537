"""SNS topics, their policies and subscriptions."""

import json

from tests.local.declaration import NO_BILLING, Created, Declaration, ResourceType
from tests.local.resources.sqs import as_attribute

_TOPIC_ATTRIBUTES = frozenset(
    {"ContentBasedDeduplication", "DisplayName", "FifoTopic", "KmsMasterKeyId"}
)
# The scope comes first: it decides how the filter policy is read.
_SUBSCRIPTION_ATTRIBUTES = (
    "FilterPolicyScope",
    "FilterPolicy",
    "RawMessageDelivery",
    "RedrivePolicy",
)


def _create_topic(topic: Declaration) -> Created:
    sns = topic.place.client("sns")
    name = topic.name("TopicName")
    if topic.properties.get("FifoTopic") and not name.endswith(".fifo"):
        name += ".fifo"
    attributes = {
        key: as_attribute(value)
        for key, value in topic.properties.items()
        if key in _TOPIC_ATTRIBUTES
    }
    arn = sns.create_topic(Name=name, Attributes=attributes)["TopicArn"]
    for subscription in topic.properties.get("Subscription", ()):
        topic.expect_keys("Subscription", subscription, {"Endpoint", "Protocol"})
        sns.subscribe(TopicArn=arn, **subscription)
    return Created(ref=arn, attributes={"TopicArn": arn, "TopicName": name})


def _create_topic_policy(policy: Declaration) -> Created:
    document = json.dumps(policy.properties["PolicyDocument"])
    for arn in policy.properties["Topics"]:
        policy.place.client("sns").set_topic_attributes(
            TopicArn=arn, AttributeName="Policy", AttributeValue=document
        )
    return Created(ref=policy.name("PolicyName"))


def _subscribe(subscription: Declaration) -> Created:
    wanted = subscription.properties
    if wanted["Protocol"] == "lambda":
        # The endpoint knows no functions; they run in this process. A queue in between is also the
        # better design, since it keeps messages that the function could not take.
        raise subscription.unhandled("Protocol: lambda")
    arn = subscription.place.client("sns").subscribe(
        TopicArn=wanted["TopicArn"],
        Protocol=wanted["Protocol"],
        Endpoint=wanted["Endpoint"],
        Attributes={
            key: as_attribute(wanted[key]) for key in _SUBSCRIPTION_ATTRIBUTES if key in wanted
        },
        ReturnSubscriptionArn=True,
    )["SubscriptionArn"]
    return Created(ref=arn, attributes={"Arn": arn})


TYPES = (
    ResourceType(
        name="AWS::SNS::Topic",
        applied=_TOPIC_ATTRIBUTES | {"Subscription", "TopicName"},
        accepted={
            "DeliveryStatusLogging": "an operator's view; nothing reads it here",
            "SignatureVersion": "signs HTTP deliveries; queues are delivered to unsigned",
            "Tags": NO_BILLING,
            "TracingConfig": "there is no X-Ray here",
        },
        create=_create_topic,
    ),
    ResourceType(
        name="AWS::SNS::TopicPolicy",
        applied=frozenset({"PolicyDocument", "Topics"}),
        accepted={},
        create=_create_topic_policy,
    ),
    ResourceType(
        name="AWS::SNS::Subscription",
        applied=frozenset({"Endpoint", "Protocol", "TopicArn", *_SUBSCRIPTION_ATTRIBUTES}),
        accepted={},
        create=_subscribe,
    ),
)
