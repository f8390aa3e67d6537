"""How buyers were served, for everybody."""

from datetime import UTC, datetime, timedelta

from meterai.aws.storage.public_days import S3PublicDays
from meterai.domain.reconciliation.day_reports import last_ready_day
from meterai.domain.reconciliation.performance import (
    NO_WAITS,
    Performance,
    PublicDay,
    RefundResult,
)
from meterai.domain.refunds.refunds import RefundReason
from tests.pages.states import state
from tests.pages.visitor import Visitor


@state("performance", "before the first day is over")
def empty(visitor: Visitor) -> None:
    visitor.open("/kinerja")


@state("performance", "a month, with a bad day and one that is missing")
def month(visitor: Visitor) -> None:
    account = visitor.place.account
    days = S3PublicDays(account.client("s3"), account.physical("DocumentsBucket"))
    now = datetime.now(UTC)
    last = last_ready_day(now)
    days.put(
        tuple(
            PublicDay(last - timedelta(days=age), 2 if age else 1, now, _served(age), age == 9)
            for age in range(30, -1, -1)
            if age != 12
        )
    )
    visitor.afterwards.callback(days.put, ())
    visitor.open("/kinerja")


def _served(age: int) -> Performance:
    stamped = 900 + 400 * (age * 7 % 11) + 20_000 * (age == 9)
    late = 31 if age == 9 else 0
    slow = stamped // 20
    waits = (0, 0, stamped - 2 * slow, slow, slow, *NO_WAITS[5:])
    return Performance(
        paid=stamped + 60,
        stamped=stamped,
        in_time=stamped,
        waits=waits,
        refunds={RefundResult.KEPT: 40, RefundResult.LATE: late},
        given_back={RefundReason.REQUESTED: 50, RefundReason.NOT_EXECUTED: 10},
    )
