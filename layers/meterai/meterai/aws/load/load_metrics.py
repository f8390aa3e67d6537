"""Throughput samples and the snapshot in DynamoDB."""

import logging
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from meterai.aws.errors import translate_aws_errors
from meterai.aws.load.load_status_items import (
    sample_from,
    sample_item,
    snapshot_from,
    snapshot_values,
)
from meterai.aws.tables.attributes import SCHEMA_VERSION, Item, item_of, maybe_time, text_of_time
from meterai.aws.tables.conditional_writes import ConditionFailed, Update, all_of, write
from meterai.domain.errors import Unavailable
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.queue_status import ThroughputSample
from meterai.ports import LoadMetrics
from meterai.ttl_cache import TtlCache

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

logger = logging.getLogger(__name__)

SHARDS = 8  # of the samples: 8 x 1,000 writes a second, and 8 queries to read one second
SAMPLE_VALIDITY = timedelta(minutes=10)
NOW = {"flow": "snapshot", "at": "now"}
MAX_AGE_S = 1.0

# What the write asks of the item as it is then.
SNAPSHOT_IF = ("attribute_not_exists(#made_at) OR NOT #made_at BETWEEN :made_at AND :soon",)
MAX_CLOCK_ERROR = timedelta(minutes=1)  # a snapshot from further in the future is replaced


@dataclass(frozen=True, slots=True)
class DynamoLoadMetrics:
    """Table: key `flow`, `at`; DynamoDB deletes what has an `expires_at`."""

    client: "DynamoDBClient"
    table: str

    def put_sample(self, sample: ThroughputSample) -> None:
        """1 write unit."""
        shard = zlib.crc32(sample.instance.encode()) % SHARDS
        item = sample_item(sample, f"tally#{shard}", sample.at + SAMPLE_VALIDITY)
        with translate_aws_errors("dynamodb"):
            self.client.put_item(TableName=self.table, Item=item)

    def samples(self, since: datetime, until: datetime) -> Sequence[ThroughputSample]:
        """8 queries, half a read unit for each 4 KB. Only the first page of a shard is read: it
        holds one second of 5,000 workers. While a new version is rolled out, or back, workers may
        report lanes that this one does not know: these are left out."""
        items: list[Item] = []
        for shard in range(SHARDS):
            with translate_aws_errors("dynamodb"):
                page = self.client.query(
                    TableName=self.table,
                    KeyConditionExpression="#flow = :flow AND #at BETWEEN :since AND :until",
                    ExpressionAttributeNames={"#flow": "flow", "#at": "at"},
                    ExpressionAttributeValues=item_of(
                        {
                            ":flow": f"tally#{shard}",
                            # A key is longer than its time: the first is included, the last is not.
                            ":since": text_of_time(since),
                            ":until": text_of_time(until),
                        }
                    ),
                )
            items += page["Items"]
        return _known(items)

    def put_snapshot(self, snapshot: LoadSnapshot) -> bool:
        """1 to 4 write units."""
        values = snapshot_values(snapshot)
        change = Update(
            self.table,
            item_of(NOW),
            all_of(SNAPSHOT_IF),
            sets=SCHEMA_VERSION
            | {name: value for name, value in values.items() if value is not None},
            removes=[name for name, value in values.items() if value is None],
            given={"made_at": snapshot.at, "soon": snapshot.at + MAX_CLOCK_ERROR},
        )
        try:
            write(self.client, change)
        except ConditionFailed as refused:
            item = refused.items[0]
            return item is not None and maybe_time(item, "made_at") == snapshot.at
        return True

    def snapshot(self) -> LoadSnapshot | None:
        """Half a read unit. While a new version is rolled out, one half of the instances cannot
        read what the other wrote: that is None, as before the first snapshot."""
        with translate_aws_errors("dynamodb"):
            answer = self.client.get_item(TableName=self.table, Key=item_of(NOW))
        item = answer.get("Item")
        if item is None:
            return None
        try:
            return snapshot_from(item)
        except (KeyError, TypeError, ValueError):
            logger.exception("the snapshot is not of this version")
            return None


def _known(items: Sequence[Item]) -> list[ThroughputSample]:
    """Without those that another version wrote in its own way."""
    found: list[ThroughputSample] = []
    for item in items:
        with suppress(KeyError, TypeError, ValueError):
            found.append(sample_from(item))
    if len(found) < len(items):
        left_out = len(items) - len(found)
        logger.warning("samples are not of this version", extra={"left_out": left_out})
    return found


@dataclass(slots=True)
class RememberedSnapshot:
    """The snapshot, read once a second by each instance. Where it cannot be read, the last one is
    used until it is too old: a transient read error must not reopen sales while the queue is
    full."""

    load_metrics: LoadMetrics
    monotonic_s: Callable[[], float] = time.monotonic
    _seen: LoadSnapshot | None = field(default=None, init=False)
    _kept: TtlCache[LoadSnapshot | None] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = TtlCache(self._read, lambda _: MAX_AGE_S, timer=self.monotonic_s)

    def __call__(self) -> LoadSnapshot | None:
        return self._kept.get()

    def _read(self) -> LoadSnapshot | None:
        with suppress(Unavailable):
            self._seen = self.load_metrics.snapshot()
        return self._seen
