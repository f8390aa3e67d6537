"""For a task that should run once at a time, however many functions Lambda starts."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

from aws_lambda_powertools.utilities.typing import LambdaContext

from meterai.ports import Leases

logger = logging.getLogger(__name__)

MAX_CLOCK_ERROR = timedelta(seconds=5)


@contextmanager
def alone(task: str, leases: Leases, now: datetime, context: LambdaContext) -> Iterator[bool]:
    """Whether this run may work. Its lease ends when Lambda would stop it, so that a run that
    crashed blocks the task no longer than that."""
    left = timedelta(milliseconds=context.get_remaining_time_in_millis())
    holder = uuid4().hex  # Lambda may start one event twice, under the same request id
    is_mine = leases.take(task, holder, now, now + left + MAX_CLOCK_ERROR)
    if not is_mine:
        logger.info("another run is at it", extra={"task": task})
    try:
        yield is_mine
    finally:
        if is_mine:
            leases.give_back(task, holder)
