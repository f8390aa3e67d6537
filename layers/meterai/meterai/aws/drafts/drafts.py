"""Drafts in DynamoDB: one item a draft, under its account's pseudonym.

A change is the difference between the draft as it was read and as it is to be. Its condition is the
version that was read: a draft that another tab changed since, or that is gone, stays as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from meterai.aws.drafts.draft_items import draft_from, draft_values
from meterai.aws.errors import translate_aws_errors
from meterai.aws.tables.attributes import NewItem, item_of, new_item
from meterai.aws.tables.conditional_writes import (
    ConditionFailed,
    Put,
    Update,
    all_of,
    difference,
    write,
)
from meterai.aws.tables.item_reads import get_item
from meterai.domain.drafts.drafts import Draft, newest_first
from meterai.domain.errors import Unavailable
from meterai.domain.id_derivation import DraftId

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Of an account. The table has them in no order of time, so all are read and the newest answered: at
# 1 KB each 25 read units. An account with more of them, within the 90 days that they last, sees
# these alone; it reaches the others by their addresses.
MAX_READ = 100

# The conditions of the writes.
PUT_NEW_IF = ("attribute_not_exists(#draft_id)",)
REPLACE_IF = ("#version = :version",)


@dataclass(frozen=True, slots=True)
class DynamoDrafts:
    """Table: key `account`, `draft_id`; time to live `expires_at`."""

    client: "DynamoDBClient"
    table: str
    pseudonym: Callable[[str], str]

    def get(self, account: str, draft_id: DraftId) -> Draft | None:
        key = {"account": self.pseudonym(account), "draft_id": draft_id}
        item = get_item(self.client, self.table, key)
        return None if item is None else draft_from(item, account)

    def put_new(self, draft: Draft) -> Draft:
        """1 write unit."""
        item = new_item({"account": self.pseudonym(draft.account), **draft_values(draft)})
        try:
            write(self.client, Put(self.table, item, all_of(PUT_NEW_IF)))
        except ConditionFailed as refused:
            found = refused.items[0]
            if found is None:
                raise Unavailable(party="dynamodb", reason="draft_missing") from None
            return draft_from(found, draft.account)
        return draft

    def replace(self, before: Draft, after: Draft) -> bool:
        """1 write unit for each kilobyte: see `tests/contract/test_item_sizes.py`."""
        sets, removes = difference(draft_values(before), draft_values(after))
        change = Update(
            self.table,
            self._key(before),
            all_of(REPLACE_IF),
            sets,
            removes,
            given={"version": before.version},
        )
        try:
            write(self.client, change)
        except ConditionFailed:
            return False
        return True

    def of_account(self, account: str, limit: int) -> Sequence[Draft]:
        """One query, of the account's own items alone."""
        with translate_aws_errors("dynamodb"):
            page = self.client.query(
                TableName=self.table,
                KeyConditionExpression="account = :account",
                ExpressionAttributeValues=item_of({":account": self.pseudonym(account)}),
                Limit=MAX_READ,
                ConsistentRead=True,
            )
        return newest_first((draft_from(item, account) for item in page["Items"]), limit)

    def _key(self, draft: Draft) -> NewItem:
        return item_of({"account": self.pseudonym(draft.account), "draft_id": draft.draft_id})
