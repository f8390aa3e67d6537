"""Who wants e-mails, and which were sent: small items in one table, each deleted by its time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.tables.attributes import Value, item_of, new_item, text, time
from meterai.aws.tables.item_reads import get_item
from meterai.domain.notifications.consents import CONSENT_LASTS, Consent

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SENT_KEPT = timedelta(days=90)  # a refund is checked for so long at most; a message lives 18 days


@dataclass(frozen=True, slots=True)
class DynamoConsents:
    """Table: key `id`; time to live `expires_at`. Half a read unit, 1 write unit."""

    client: "DynamoDBClient"
    table: str

    def get(self, pseudonym: str) -> Consent | None:
        item = get_item(self.client, self.table, _consent_key(pseudonym))
        if item is None:
            return None
        return Consent(text(item, "language"), time(item, "given_at"))

    def put(self, pseudonym: str, consent: Consent) -> None:
        ends_at = consent.given_at + CONSENT_LASTS
        values: dict[str, Value] = {"language": consent.language, "given_at": consent.given_at}
        _put(self.client, self.table, {**_consent_key(pseudonym), **values}, ends_at)

    def delete(self, pseudonym: str) -> None:
        with translate_aws_errors("dynamodb"):
            self.client.delete_item(TableName=self.table, Key=item_of(_consent_key(pseudonym)))


@dataclass(frozen=True, slots=True)
class DynamoSentMails:
    """In the same table."""

    client: "DynamoDBClient"
    table: str

    def has(self, notification_id: str) -> bool:
        return get_item(self.client, self.table, _sent_key(notification_id)) is not None

    def add(self, notification_id: str, now: datetime) -> None:
        _put(self.client, self.table, _sent_key(notification_id), now + SENT_KEPT)


def _consent_key(pseudonym: str) -> dict[str, str]:
    return {"id": f"consent#{pseudonym}"}


def _sent_key(notification_id: str) -> dict[str, str]:
    return {"id": f"sent#{notification_id}"}


def _put(
    client: "DynamoDBClient", table: str, values: Mapping[str, Value], ends_at: datetime
) -> None:
    item = new_item({**values, "expires_at": int(ends_at.timestamp())})
    with translate_aws_errors("dynamodb"):
        client.put_item(TableName=table, Item=item)
