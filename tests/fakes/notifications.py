"""Notifications in memory: what was told, who wants to be told, and the mails."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from meterai.domain.notifications.consents import Consent
from meterai.domain.notifications.mails import Mail
from meterai.domain.notifications.notifications import Notification
from meterai.pages.notification_mails import write_mail
from meterai.ports.notifications import MailWriter
from tests.fakes.in_memory_state import InMemoryState, port_call


@dataclass(frozen=True)
class MemoryConsents:
    state: InMemoryState

    @port_call
    def get(self, pseudonym: str) -> Consent | None:
        return self.state.consents.get(pseudonym)

    @port_call
    def put(self, pseudonym: str, consent: Consent) -> None:
        self.state.consents[pseudonym] = consent

    @port_call
    def delete(self, pseudonym: str) -> None:
        self.state.consents.pop(pseudonym, None)


@dataclass(frozen=True)
class MemorySentMails:
    state: InMemoryState

    @port_call
    def has(self, notification_id: str) -> bool:
        return notification_id in self.state.sent_notifications

    @port_call
    def add(self, notification_id: str, now: datetime) -> None:
        self.state.sent_notifications[notification_id] = now


@dataclass(frozen=True)
class MemoryAddresses:
    """Each account has an address, unless it is among `unproved`."""

    state: InMemoryState

    def __call__(self, account: str) -> str | None:
        return None if account in self.state.unproved else f"{account}@example.id"


@dataclass(frozen=True)
class MemoryMailer:
    state: InMemoryState

    def __call__(self, address: str, mail: Mail) -> str | None:
        self.state.mails.append((address, mail))
        return f"mail-{len(self.state.mails)}"


@dataclass
class MemoryNotifications:
    """As in production, but for what is outside."""

    state: InMemoryState
    are_sent: bool = True

    def tell(self, notification: Notification) -> None:
        self.state.notifications.append(notification)

    @property
    def consents(self) -> MemoryConsents:
        return MemoryConsents(self.state)

    @property
    def sent(self) -> MemorySentMails:
        return MemorySentMails(self.state)

    @property
    def address_of(self) -> MemoryAddresses:
        return MemoryAddresses(self.state)

    @property
    def write(self) -> MailWriter:
        return partial(write_mail, "https://meterai.example")

    @property
    def send(self) -> MemoryMailer:
        return MemoryMailer(self.state)
