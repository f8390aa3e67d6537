"""E-mails about an order: who wants them, and how they are sent."""

from datetime import datetime
from typing import Protocol

from meterai.domain.notifications.consents import Consent
from meterai.domain.notifications.mails import Mail
from meterai.domain.notifications.notifications import Notification


class Notifications(Protocol):
    def tell(self, notification: Notification) -> None:
        """Never raises, and takes about two seconds at most: a mail that is lost loses nothing, a
        lane that waits for one does."""
        ...


class Consents(Protocol):
    """One for each account that wants e-mails, by its pseudonym; nothing for any other."""

    def get(self, pseudonym: str) -> Consent | None: ...

    def put(self, pseudonym: str, consent: Consent) -> None: ...

    def delete(self, pseudonym: str) -> None: ...


class SentMails(Protocol):
    """What was sent of late, by the notification's id."""

    def has(self, notification_id: str) -> bool: ...

    def add(self, notification_id: str, now: datetime) -> None: ...


class EmailAddresses(Protocol):
    def __call__(self, account: str) -> str | None:
        """The address that the account's owner proved to be theirs; None if there is none."""
        ...


class MailWriter(Protocol):
    def __call__(self, notification: Notification, consent: Consent, *, stop_token: str) -> Mail:
        """In the language of the consent."""
        ...


class Mailer(Protocol):
    def __call__(self, address: str, mail: Mail) -> str | None:
        """The sender's own id of the mail; None where it will never be sent to this address."""
        ...


class HasConsents(Protocol):
    @property
    def consents(self) -> Consents: ...


class Post(HasConsents, Protocol):
    """All that sending takes. `are_sent`: False where no sender is configured."""

    @property
    def are_sent(self) -> bool: ...
    @property
    def sent(self) -> SentMails: ...
    @property
    def address_of(self) -> EmailAddresses: ...
    @property
    def write(self) -> MailWriter: ...
    @property
    def send(self) -> Mailer: ...
