"""One conditional write, or several in one transaction, and what a refusal reports.

In every expression an attribute is written `#name` (DynamoDB reserves 573 words, `state` among
them) and a value that a condition compares with `:name`. A condition is a tuple of clauses, all of
which must hold; a clause with `{slot}` is repeated for each slot.

A transaction carries botocore's ClientRequestToken, which makes botocore's own retries harmless on
AWS; nothing depends on it.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from meterai.aws.errors import THROTTLED, code_of, pause, translate_aws_errors
from meterai.aws.tables.attributes import Item, NewItem, Value, attribute_of
from meterai.domain.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

MAX_TRIES = 6  # a transaction on the same item is over in milliseconds

Condition = tuple[str, ...]

_NAME = re.compile(r"#(\w+)")


class ConditionFailed(Exception):
    """A write was refused. `items`: by the number of the refused write, the item that it met; None
    where there was none."""

    def __init__(self, items: Mapping[int, Item | None]) -> None:
        super().__init__(items)
        self.items = items


@dataclass(frozen=True, slots=True)
class Put:
    table: str
    item: NewItem
    condition: str


@dataclass(frozen=True, slots=True)
class Update:
    """`sets` and `removes` name attributes, or one slot as `slots.3`; `adds` puts members into a
    set; `given` is what the condition compares with."""

    table: str
    key: NewItem
    condition: str
    sets: Mapping[str, Value] = field(default_factory=dict)
    removes: Sequence[str] = ()
    given: Mapping[str, Value] = field(default_factory=dict)
    adds: Mapping[str, frozenset[str]] = field(default_factory=dict)


Write = Put | Update


def difference(
    before: Mapping[str, Value], after: Mapping[str, Value], rewritten: Collection[str] = ()
) -> tuple[dict[str, Value], tuple[str, ...]]:
    """What an update sets and removes to make one item of the other; None means no attribute.

    `rewritten`: attributes that are set or removed even if both have the same value, because
    another write, which the condition permits, may have changed them since `before` was read.
    """
    changed = [name for name in after if name in rewritten or before.get(name) != after[name]]
    sets = {name: after[name] for name in changed if after[name] is not None}
    return sets, tuple(name for name in changed if after[name] is None)


def all_of(condition: Condition, slots: Sequence[int] = ()) -> str:
    """The condition as an expression; clauses about slots are repeated for each of them."""
    clauses: list[str] = []
    for clause in condition:
        about_slots = "{slot}" in clause
        clauses += [clause.format(slot=slot) for slot in slots] if about_slots else [clause]
    return " AND ".join(clauses)


def write(client: "DynamoDBClient", one: Write) -> Item:
    """Writes it. Answers the item as it is then. Raises ConditionFailed, Unavailable."""
    for tried in range(MAX_TRIES):
        try:
            with translate_aws_errors("dynamodb"):
                if isinstance(one, Put):
                    client.put_item(**_request(one))
                    return one.item
                return client.update_item(ReturnValues="ALL_NEW", **_request(one))["Attributes"]
        except ClientError as failure:
            if code_of(failure) == "ConditionalCheckFailedException":
                raise ConditionFailed({0: _details(failure).get("Item")}) from None
            if code_of(failure) != "TransactionConflictException":
                raise
        pause(tried)
    raise Unavailable(party="dynamodb", reason="transaction_conflict")


def write_all(client: "DynamoDBClient", writes: Sequence[Write]) -> None:
    """All of them, or none. Raises ConditionFailed, Unavailable.

    AWS gives a reason for each write, but does not document that it checks further writes after the
    first that was refused. To know about one that was not named, read it.
    """
    transaction: list[Any] = [{type(one).__name__: _request(one)} for one in writes]
    for tried in range(MAX_TRIES):
        try:
            with translate_aws_errors("dynamodb"):
                client.transact_write_items(TransactItems=transaction)
        except ClientError as failure:
            if code_of(failure) != "TransactionCanceledException":
                raise
            _judge(_details(failure).get("CancellationReasons", []), failure)
        else:
            return
        pause(tried)
    raise Unavailable(party="dynamodb", reason="transaction_conflict")


def _judge(reasons: Sequence[Mapping[str, Any]], failure: ClientError) -> None:
    """Returns where the transaction is worth another try."""
    items = {
        number: reason.get("Item") or None
        for number, reason in enumerate(reasons)
        if reason["Code"] == "ConditionalCheckFailed"
    }
    if items:
        raise ConditionFailed(items) from None
    codes = {reason["Code"] for reason in reasons} - {"None"}
    if not codes or not codes <= {"TransactionConflict", *THROTTLED}:
        raise failure


def _request(one: Write) -> Any:  # put, update and transaction share these members
    request: dict[str, Any] = {
        "TableName": one.table,
        "ConditionExpression": one.condition,
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    expressions = one.condition
    if isinstance(one, Put):
        request["Item"] = one.item
    else:
        change = _change(one)
        expressions += change
        values = {f":{name}": attribute_of(value) for name, value in one.given.items()}
        values |= {_new(path): attribute_of(value) for path, value in one.sets.items()}
        values |= {_new(path): attribute_of(value) for path, value in one.adds.items()}
        request |= {"Key": one.key, "UpdateExpression": change}
        if values:
            request["ExpressionAttributeValues"] = values
    names = {f"#{name}": name for name in _NAME.findall(expressions)}
    return request | {"ExpressionAttributeNames": names}


def _change(one: Update) -> str:
    sets = ", ".join(f"{_path(path)} = {_new(path)}" for path in one.sets)
    removes = ", ".join(_path(path) for path in one.removes)
    adds = ", ".join(f"{_path(path)} {_new(path)}" for path in one.adds)
    parts = (("SET", sets), ("REMOVE", removes), ("ADD", adds))
    return " ".join(f"{verb} {what}" for verb, what in parts if what)


def _path(path: str) -> str:
    return ".".join(f"#{name}" for name in path.split("."))


def _new(path: str) -> str:
    return ":new_" + path.replace(".", "_")


def _details(failure: ClientError) -> Mapping[str, Any]:
    """The answer with the members that botocore-stubs do not know."""
    return failure.response
