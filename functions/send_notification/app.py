"""Notifications queue: tells people by e-mail what they asked to be told."""

from meterai.container import container
from meterai.entrypoints.queue import queue_handler
from meterai.notification_message import SendNotification
from meterai.steps.send_notification import send_notification


def handle(body: str) -> None:
    message = SendNotification.model_validate_json(body)
    send_notification(message.notification, container, container.now)


handler = queue_handler(handle, None)
