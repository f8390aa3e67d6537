"""Restores the tables beside the live ones, proves what came back, and removes it again.

It never writes to a live table and never scans one. DynamoDB restores to a new table only, and
nothing here switches to it: functions/RUNBOOK.md, "Restoring the tables".
"""

import hashlib
import heapq
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from meterai.domain.id_derivation import IdDeriver
from meterai_cli.restored_facts import Sample, wrong_in
from meterai_cli.table_settings import not_alike, to_be_set

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEYS = {
    "OrdersTable": ("order_id",),
    "PaymentsTable": ("order_id", "payment_id"),
    "SerialsTable": ("serial",),
    "RefundsTable": ("refund_id",),
    "PortalsTable": ("portal",),
}
"""What is restored, by its name in the template; the other tables are worth nothing a day later."""
POLL_S = 20.0
MAX_RESTORE_S = 24 * 3_600
"""AWS: "can take several hours", and does not always depend on the size
(docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-pitr-recovery-table-restore.html)."""

Say = Callable[[str], None]


class CannotRestore(Exception):
    """There is nothing to look at. What was begun is removed, or is named."""


@dataclass(frozen=True, slots=True)
class Account:
    """What the drill needs of a stack. `names`: physical names by those of the template."""

    names: Mapping[str, str]
    dynamodb: "DynamoDBClient"
    s3: Any
    id_secret: bytes
    poll_s: float = POLL_S


@dataclass(slots=True)
class Restored:
    """One table: `name` beside `source`."""

    logical_id: str
    source: str
    name: str
    took_s: float = 0.0
    items: int = 0
    sample: list[tuple[str, ...]] = field(default_factory=list)


def drill(account: Account, say: Say, *, at: datetime | None, sample: int, keep: bool) -> bool:
    """Whether everything that was looked at is as it should be. Raises CannotRestore."""
    # 1. One moment for all tables, since an order, its payment and its e-meterai are in three.
    at = _moment(account, at)
    say(f"restoring the tables as of {at:%Y-%m-%d %H:%M:%S} UTC, beside the live ones")
    say(f"if this is killed, delete those whose names end with {_suffix(at)}")
    tables = [_planned(account, logical_id, at) for logical_id in KEYS]
    started: list[Restored] = []
    try:
        # 2. All at once; then wait for each.
        begun = time.monotonic()
        for table in tables:
            _start(account, table, at)
            started.append(table)
        for table in _as_they_come(account, tables):
            table.took_s = time.monotonic() - begun
            say(f"  {table.logical_id:15}{table.took_s:9.1f} s  {table.name}")
        # 3. Each item is counted, and some are looked at.
        for table in tables:
            _count(account, table, sample)
            say(f"  {table.logical_id:15}{table.items:9,} items")
        wrong = _prove(account, tables, say)
        # 4. What a restored table does not have by itself.
        wrong += _compare_settings(account, tables, say)
    finally:
        # 5. Nothing is left, or it is said what is.
        _remove(account, [] if keep else started, say)
        if keep:
            _say_how_to_remove(started, say)
    for one in wrong:
        say(f"WRONG: {one}")
    say(f"{len(wrong)} wrong" if wrong else "everything that was looked at is as it should be")
    say("next: note date, duration and result; functions/RUNBOOK.md, Restoring the tables")
    return not wrong


def _moment(account: Account, asked: datetime | None) -> datetime:
    """Within what every table can be restored to; the latest such moment unless one is asked for.
    A table is restored to a whole second."""
    earliest, latest = [], []
    for logical_id in KEYS:
        told = account.dynamodb.describe_continuous_backups(TableName=account.names[logical_id])
        backups = told["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if backups.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise CannotRestore(f"{logical_id} has no point-in-time recovery: switch it on")
        earliest.append(backups["EarliestRestorableDateTime"])
        latest.append(backups["LatestRestorableDateTime"])
    first, last = max(earliest).astimezone(UTC), min(latest).astimezone(UTC)
    if asked is not None and not first <= asked <= last:
        raise CannotRestore(f"choose a moment from {first} to {last}")
    return (asked or last).astimezone(UTC).replace(microsecond=0)


def _planned(account: Account, logical_id: str, at: datetime) -> Restored:
    source = account.names[logical_id]
    return Restored(logical_id, source, source + _suffix(at))


def _suffix(at: datetime) -> str:
    return f"-drill-{at:%y%m%d%H%M%S}"


def _start(account: Account, table: Restored, at: datetime) -> None:
    try:
        account.dynamodb.restore_table_to_point_in_time(
            SourceTableName=table.source, TargetTableName=table.name, RestoreDateTime=at
        )
    except ClientError as refused:
        raise CannotRestore(f"{table.logical_id}: {refused}") from refused


def _as_they_come(account: Account, tables: Sequence[Restored]) -> Iterator[Restored]:
    waiting, until = list(tables), time.monotonic() + MAX_RESTORE_S
    while waiting:
        for table in list(waiting):
            if _is_there(account, table):
                waiting.remove(table)
                yield table
        if waiting:
            if time.monotonic() > until:
                raise CannotRestore(f"still restoring after a day: {[t.name for t in waiting]}")
            time.sleep(account.poll_s)


def _is_there(account: Account, table: Restored) -> bool:
    described = account.dynamodb.describe_table(TableName=table.name)["Table"]
    indexes = described.get("GlobalSecondaryIndexes", [])
    return described["TableStatus"] == "ACTIVE" and all(
        index.get("IndexStatus", "ACTIVE") == "ACTIVE" for index in indexes
    )


def _count(account: Account, table: Restored, sample: int) -> None:
    """Reads the restored table once, a megabyte a request. The sample are the keys with the lowest
    hashes: it is spread evenly, and is another one for each moment."""
    names = {f"#{number}": key for number, key in enumerate(KEYS[table.logical_id])}
    pages = account.dynamodb.get_paginator("scan").paginate(
        TableName=table.name,
        ProjectionExpression=", ".join(names),
        ExpressionAttributeNames=names,
    )
    found: list[tuple[str, tuple[str, ...]]] = []
    for page in pages:
        table.items += len(page["Items"])
        keys = (tuple(item[name]["S"] for name in names.values()) for item in page["Items"])
        found = heapq.nsmallest(sample, [*found, *((_rank(table, key), key) for key in keys)])
    table.sample = [key for _, key in found]


def _rank(table: Restored, key: Sequence[str]) -> str:
    return hashlib.sha256("#".join((table.name, *key)).encode()).hexdigest()


def _prove(account: Account, tables: Sequence[Restored], say: Say) -> list[str]:
    orders, payments, serials, refunds, _ = tables
    sample = Sample(orders.sample, payments.sample, serials.sample, refunds.sample)
    wrong, files = wrong_in(
        sample,
        {table.logical_id: table.name for table in tables},
        account.names["DocumentsBucket"],
        account.dynamodb,
        account.s3,
        IdDeriver(account.id_secret),
    )
    say(
        f"looked at {len(sample.orders)} orders, {len(sample.payments)} payments, "
        f"{len(sample.serials)} e-meterai with {files} files, {len(sample.refunds)} refunds"
    )
    return wrong


def _compare_settings(account: Account, tables: Sequence[Restored], say: Say) -> list[str]:
    wrong = []
    say("a restored table has to be given, before it serves:")
    for table in tables:
        wrong += [
            f"{table.logical_id}: {one}"
            for one in not_alike(account.dynamodb, table.source, table.name)
        ]
        for command in to_be_set(account.dynamodb, table.source, table.name):
            say(f"  {command}")
    return wrong


def _remove(account: Account, tables: Sequence[Restored], say: Say) -> None:
    """Only what this run has restored."""
    left = []
    for table in tables:
        try:
            account.dynamodb.delete_table(TableName=table.name)
        except (ClientError, BotoCoreError):  # it is still being restored, or AWS is not reached
            left.append(table)
    if left:
        _say_how_to_remove(left, say)
    elif tables:
        say("removed again: all of them")


def _say_how_to_remove(tables: Sequence[Restored], say: Say) -> None:
    say("these cost money until they are removed:")
    for table in tables:
        say(f"  aws dynamodb delete-table --table-name {table.name}")
