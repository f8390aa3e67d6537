"""What `container.notifications` is: made when first asked for, part by part."""

from functools import cached_property, partial
from typing import TYPE_CHECKING

from meterai.domain.notifications.notifications import Notification
from meterai.settings import Settings

if TYPE_CHECKING:
    from meterai.ports.notifications import Consents, EmailAddresses, Mailer, MailWriter, SentMails


class NotificationPorts:
    """Over the queue, the table, the user pool and SES."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def tell(self, notification: Notification) -> None:
        from meterai.aws import clients
        from meterai.aws.notifications.queue import tell

        with clients.MAKING:
            client = clients.sqs_once()
        tell(notification, client, self.settings.notifications_queue_url)

    @property
    def are_sent(self) -> bool:
        return bool(self.settings.ses_identity_arn)

    @cached_property
    def consents(self) -> "Consents":
        from meterai.aws import clients
        from meterai.aws.notifications.consents import DynamoConsents

        return DynamoConsents(clients.dynamodb(), self.settings.notifications_table)

    @cached_property
    def sent(self) -> "SentMails":
        from meterai.aws import clients
        from meterai.aws.notifications.consents import DynamoSentMails

        return DynamoSentMails(clients.dynamodb(), self.settings.notifications_table)

    @cached_property
    def address_of(self) -> "EmailAddresses":
        from meterai.aws import clients
        from meterai.aws.notifications.addresses import CognitoAddresses

        return CognitoAddresses(clients.cognito(), self.settings.user_pool_id)

    @cached_property
    def write(self) -> "MailWriter":
        from meterai.pages.notification_mails import write_mail

        return partial(write_mail, self.settings.pages_url)

    @cached_property
    def send(self) -> "Mailer":
        from meterai.aws import clients
        from meterai.aws.notifications.mailer import SesMailer

        return SesMailer(clients.ses(), self.settings.ses_identity_arn)
