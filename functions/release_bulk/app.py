"""Every minute, second by second: bulk work enters the stamping lane in measured portions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.container import container
from meterai.domain.waiting.bulk import Portions
from meterai.domain.waiting.queue_status import Lane
from meterai.entrypoints.log import begin
from meterai.entrypoints.throughput_reporter import ThroughputReporter
from meterai.entrypoints.ticker import each_second
from meterai.ports import TakenOut
from meterai.steps.release_bulk import ReleaseBulkPorts, release_bulk

reporter = ThroughputReporter(lambda: container.load_metrics, lambda _: Lane.BULK)


def record_batch(taken: Sequence[TakenOut]) -> None:
    """As a worker would that Lambda's pollers bring its messages."""
    reporter.record_batch(
        [
            {
                "messageId": one.receipt,
                "attributes": {
                    "ApproximateReceiveCount": "1",
                    "SentTimestamp": str(int(one.sent_at.timestamp() * 1_000)),
                    "MessageGroupId": one.group,
                },
            }
            for one in taken
        ]
    )


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, int]:
    begin(context)
    settings = container.settings
    portions = Portions(
        least_per_s=settings.bulk_min_per_s,
        most_per_s=settings.bulk_max_per_s,
        yields_at=timedelta(seconds=settings.bulk_pause_when_wait_exceeds_s),
    )
    ports = ReleaseBulkPorts(
        lanes=container.lanes,
        snapshot=lambda: container.snapshot,
        portions=portions,
        record_batch=record_batch,
    )
    return {"handed_on": release_bulk(each_second(settings.bulk_release_run_s), ports)}
