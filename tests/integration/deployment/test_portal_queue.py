"""The queue that a portal subscribes: SNS may send to it, for this topic and nobody else.

Portals copy it from tests/portal/inbox.py. Without one nothing is delivered, neither on AWS nor by
the local account (tests/local/moto_deliveries.py), which does not see whether others may send too.
"""

import json

import boto3
from moto import mock_aws

from tests.portal.inbox import PortalInbox

REGION = "ap-southeast-3"
PORTAL = "portal-of-a-test"


def test_only_the_topic_may_send_to_the_portals_queue() -> None:
    """As in https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html."""
    with mock_aws():
        sns, sqs = boto3.client("sns", REGION), boto3.client("sqs", REGION)
        topic = sns.create_topic(Name="stamped")["TopicArn"]
        PortalInbox(sns, sqs, topic, PORTAL)
        (subscription,) = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
        queue = sqs.get_queue_url(QueueName=f"portal-{PORTAL}")["QueueUrl"]
        written = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["Policy", "QueueArn"])
    attributes = written["Attributes"]
    assert subscription["Endpoint"] == attributes["QueueArn"]
    assert json.loads(attributes["Policy"])["Statement"] == [
        {
            "Effect": "Allow",
            "Principal": {"Service": "sns.amazonaws.com"},
            "Action": "sqs:SendMessage",
            "Resource": attributes["QueueArn"],
            "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
        }
    ]
