"""Buying is paused or closed while a page is shown."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from meterai.aws.load.load_metrics import MAX_AGE_S, DynamoLoadMetrics
from meterai.aws.storage.audit_trail import S3AuditTrail
from meterai.domain.waiting.admission_control import (
    Admission,
    AdmissionPolicy,
    WaitingCurve,
    open_from,
)
from meterai.domain.waiting.load_snapshot import LoadSnapshot
from meterai.domain.waiting.pace import Pace
from meterai_cli.buying import turn
from meterai_cli.caller import caller
from tests.pages.world import World

MINUTE = timedelta(minutes=1)


@contextmanager
def paused(world: World) -> Iterator[None]:
    """Those who came until a minute ago may buy; the others wait."""
    account = world.place.account
    stored = DynamoLoadMetrics(account.client("dynamodb"), account.physical("LoadStatusTable"))

    def put(admission: Admission) -> None:
        assert stored.put_snapshot(LoadSnapshot(datetime.now(UTC), {}, admission))
        _let_it_be_known()

    now = datetime.now(UTC)
    put(
        Admission(
            is_open=False,
            changed_at=now,
            watermark=now - MINUTE,
            over=now - 10 * MINUTE,
            capacity_per_s=30.0,
            usual_per_s=30.0,
            pace=Pace(15.0, 15.0),
            room=WaitingCurve(0, ()),
        )
    )
    try:
        yield
    finally:
        put(open_from(datetime.now(UTC), AdmissionPolicy()))


@contextmanager
def closed(world: World) -> Iterator[None]:
    """By an operator."""
    account = world.place.account
    trail = S3AuditTrail(account.client("s3"), account.outputs["DocumentsBucketName"])

    def switch(*, off: bool) -> None:
        table, operator = account.outputs["LoadStatusTableName"], caller(account.client("sts"))
        turn(account.client("dynamodb"), table, operator, trail, off=off, reason="a test")
        world.publish_load()
        _let_it_be_known()

    switch(off=True)
    try:
        yield
    finally:
        switch(off=False)


def _let_it_be_known() -> None:
    """Functions remember a snapshot for so long."""
    time.sleep(MAX_AGE_S)
