"""The message of the notifications queue. Apart from the others: it needs to know orders, e-meterai
and refunds, which a webhook's function would import for nothing."""

from meterai.domain.notifications.notifications import Notification
from meterai.messages import Message


class SendNotification(Message):
    """Tell the account's owner by e-mail, if they want it."""

    notification: Notification
