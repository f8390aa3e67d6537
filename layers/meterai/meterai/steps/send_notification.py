"""Send a notification: one e-mail to somebody who asked for it, in their language.

Twice delivered, it is sent once, unless a worker ended between sending it and noting that it did:
a mail that comes twice is better than one that does not come.
"""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.id_derivation import IdDeriver
from meterai.domain.notifications.consents import stop_token
from meterai.domain.notifications.notifications import Notification
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports.notifications import Post

logger = logging.getLogger(__name__)


class SendNotificationPorts(Protocol):
    @property
    def notifications(self) -> Post: ...
    @property
    def id_deriver(self) -> IdDeriver: ...
    @property
    def token_signer(self) -> TokenSigner: ...


def send_notification(
    notification: Notification, ports: SendNotificationPorts, now: datetime
) -> None:
    """Repeatable. Raises Unavailable: the message is delivered again."""
    post, about = ports.notifications, {"kind": notification.kind.value}
    if not post.are_sent:
        return
    # 1. They still want it.
    pseudonym = ports.id_deriver.pseudonym(notification.account)
    consent = post.consents.get(pseudonym)
    if consent is None or consent.is_over(now):
        return
    # 2. It was not sent before.
    if post.sent.has(notification.notification_id):
        return
    # 3. The address, which the identity provider alone keeps.
    address = post.address_of(notification.account)
    if address is None:
        logger.warning("no verified address", extra=about)
        return
    # 4. Written and sent. 5. Noted.
    token = stop_token(pseudonym, ports.token_signer)
    message_id = post.send(address, post.write(notification, consent, stop_token=token))
    if message_id is None:
        logger.warning("mail refused", extra=about)
        return
    post.sent.add(notification.notification_id, now)
    logger.info("mail sent", extra={**about, "message_id": message_id})
