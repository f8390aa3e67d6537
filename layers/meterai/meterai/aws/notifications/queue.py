"""Notifications into their queue. What goes wrong is logged, and nobody waits for it."""

import logging
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from meterai.domain.notifications.notifications import Notification
from meterai.notification_message import SendNotification

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

logger = logging.getLogger(__name__)


def tell(notification: Notification, client: "SQSClient", url: str) -> None:
    """One call, by a client that tries once (`clients.sqs_once`)."""
    body = SendNotification(notification=notification).model_dump_json()
    try:
        client.send_message(QueueUrl=url, MessageBody=body)
    except (BotoCoreError, ClientError) as failure:
        extra = {"kind": notification.kind.value, "reason": type(failure).__name__}
        logger.warning("nobody is told", extra=extra)
