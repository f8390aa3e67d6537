"""SNS delivers to a queue of moto only if the queue's policy lets the topic send.

moto delivers to every queue. AWS accepts such a subscription, delivers nothing, counts it in
NumberOfNotificationsFailed, and leaves the message to the subscription's dead-letter queue, whose
policy it needs too:

https://docs.aws.amazon.com/sns/latest/dg/subscribe-sqs-queue-to-sns-topic.html

https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
"""

import copy
import json
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.sns.models import Subscription
from moto.sqs.models import Queue, sqs_backends

from tests.local.policies import Access, allows

_moto_publish = Subscription.publish


def check_queue_policies() -> None:
    """For every topic in this process, from now on. A second call changes nothing."""
    setattr(Subscription, "publish", _publish)  # noqa: B010 (typed)


def _publish(
    subscription: Subscription,
    message: str,
    message_id: str,
    subject: str | None = None,
    message_attributes: dict[str, Any] | None = None,
    **more: Any,
) -> None:
    matcher = subscription._filter_policy_matcher
    if matcher is not None and not matcher.matches(message_attributes, message):
        return
    if subscription.protocol == "sqs" and not _may_send(subscription):
        _count_failure(subscription)
        dead_letters = _dead_letters(subscription)
        if dead_letters is None or not _may_send(dead_letters):
            return
        subscription = dead_letters
    _moto_publish(subscription, message, message_id, subject, message_attributes, **more)


def _may_send(subscription: Subscription) -> bool:
    _, _, _, region, account_id, name = subscription.endpoint.split(":")
    queue: Queue | None = sqs_backends[account_id][region].queues.get(name)
    if queue is None:
        return False
    send = Access(
        action="sqs:SendMessage",
        resource=subscription.endpoint,
        service="sns.amazonaws.com",
        context={"aws:SourceArn": subscription.topic_arn, "aws:SecureTransport": "true"},
    )
    statements = queue._policy_json.get("Statement", ())
    return allows((one for one in statements if "Principal" in one), send)


def _dead_letters(subscription: Subscription) -> Subscription | None:
    """The same subscription, delivered there."""
    policy = json.loads(subscription.attributes.get("RedrivePolicy") or "{}")
    if "deadLetterTargetArn" not in policy:
        return None
    redirected = copy.copy(subscription)
    redirected.endpoint = policy["deadLetterTargetArn"]
    return redirected


def _count_failure(subscription: Subscription) -> None:
    _, _, _, region, account_id, name = subscription.topic_arn.split(":")
    cloudwatch_backends[account_id][region].put_metric_data(
        "AWS/SNS",
        [
            {
                "MetricName": "NumberOfNotificationsFailed",
                "Dimensions": [{"Name": "TopicName", "Value": name}],
                "Value": 1,
            }
        ],
    )
