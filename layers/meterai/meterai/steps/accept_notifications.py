"""Note that somebody wants e-mails about what they order, or no longer wants any."""

import logging
from datetime import datetime
from typing import Protocol

from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import IdDeriver
from meterai.domain.notifications.consents import Consent, stopped_by
from meterai.domain.signed_tokens import TokenSigner
from meterai.ports.notifications import HasConsents

logger = logging.getLogger(__name__)


class AcceptNotificationsPorts(Protocol):
    @property
    def notifications(self) -> HasConsents: ...
    @property
    def id_deriver(self) -> IdDeriver: ...


class StopNotificationsPorts(Protocol):
    @property
    def notifications(self) -> HasConsents: ...
    @property
    def token_signer(self) -> TokenSigner: ...


def accept_notifications(
    account: str, language: str, ports: AcceptNotificationsPorts, now: datetime
) -> bool:
    """Whether it is noted; if not, nobody has to wait: they buy without e-mails. Repeatable."""
    try:
        consent = Consent(language, now)
        ports.notifications.consents.put(ports.id_deriver.pseudonym(account), consent)
    except Unavailable as fault:
        logger.warning("consent not noted", extra={"code": fault.code, **fault.values})
        return False
    return True


def has_accepted(account: str, ports: AcceptNotificationsPorts, now: datetime) -> bool:
    """Whether mails are sent to this account. Raises Unavailable."""
    consent = ports.notifications.consents.get(ports.id_deriver.pseudonym(account))
    return consent is not None and not consent.is_over(now)


def refuse_notifications(account: str, ports: AcceptNotificationsPorts) -> None:
    """From now on no mail is sent, also about what was ordered before. Raises Unavailable."""
    ports.notifications.consents.delete(ports.id_deriver.pseudonym(account))


def stop_notifications(token: str, ports: StopNotificationsPorts) -> bool:
    """The same, by a mail's own link and without a sign-in. False where the link is not ours, or
    too old. Raises Unavailable."""
    pseudonym = stopped_by(token, ports.token_signer)
    if pseudonym is None:
        return False
    ports.notifications.consents.delete(pseudonym)
    return True
