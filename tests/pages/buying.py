"""Buying is closed while a page is shown."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from meterai.aws.load.load_metrics import MAX_AGE_S
from meterai.aws.storage.audit_trail import S3AuditTrail
from meterai_cli.buying import turn
from meterai_cli.caller import caller
from tests.pages.world import World


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
