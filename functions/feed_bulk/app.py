"""Every minute, second by second: bulk work enters the stamping lane in measured portions."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.domain.bulk import Portions
from meterai.domain.flow import Lane
from meterai.entry.beats import each_second
from meterai.entry.log import begin
from meterai.entry.tallies import Tallies
from meterai.ports import TakenOut
from meterai.services import office
from meterai.steps.feed_bulk import Feeding, feed_bulk

tallies = Tallies(lambda: office.gauges, lambda _: Lane.BULK)


def took(taken: Sequence[TakenOut]) -> None:
    """As a worker would that Lambda's pollers bring its messages."""
    tallies.took(
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
    settings = office.settings
    portions = Portions(
        least_per_s=settings.bulk_least_per_s,
        most_per_s=settings.bulk_most_per_s,
        yields_at=timedelta(seconds=settings.bulk_yields_at_s),
    )
    needs = Feeding(
        lanes=office.lanes, snapshot=lambda: office.snapshot, portions=portions, took=took
    )
    return {"handed_on": feed_bulk(each_second(settings.feed_for_s), needs)}
